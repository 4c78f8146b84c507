import type { PythonDistribution } from './types.ts'

/** What a Python distribution opens or starts at run time without any link that an ELF closure could see. */
export type RuntimeNeed = {
  /** Normalised name of the distribution. */
  readonly distribution: string
  /** Library names without version: `libmagic` stands for any `libmagic.so.N`. */
  readonly libraries: readonly string[]
  /** Programs it starts, by name. */
  readonly programs: readonly string[]
  /** Files or directories it reads. */
  readonly data: readonly string[]
  /** It compiles at run time: a C compiler must stay. */
  readonly compiler: boolean
}

type Row = Partial<Omit<RuntimeNeed, 'distribution'>>

const fonts = ['/usr/share/fonts', '/etc/fonts']
const pango = ['libpango-1.0', 'libpangoft2-1.0', 'libharfbuzz', 'libfontconfig', 'libgobject-2.0']

/**
 * The finite list of known cases. It names what to look for; a need counts only where the
 * fat image has the file, and the package is whoever owns it there.
 */
const catalogue: Readonly<Record<string, Row>> = {
  'python-magic': { libraries: ['libmagic'], data: ['/usr/share/misc/magic.mgc'] },
  filemagic: { libraries: ['libmagic'], data: ['/usr/share/misc/magic.mgc'] },
  weasyprint: { libraries: [...pango, 'libharfbuzz-subset'], data: fonts },
  cairosvg: { libraries: ['libcairo'], data: fonts },
  cairocffi: { libraries: ['libcairo', 'libgdk_pixbuf-2.0'] },
  pangocffi: { libraries: pango, data: fonts },
  pangocairocffi: { libraries: ['libcairo', 'libpangocairo-1.0'] },
  django: { libraries: ['libgdal', 'libgeos_c', 'libproj', 'libspatialite'] },
  psycopg: { libraries: ['libpq'] },
  pyodbc: { libraries: ['libodbc', 'libodbcinst'], data: ['/etc/odbcinst.ini', '/opt/microsoft'] },
  turbodbc: { libraries: ['libodbc'], data: ['/etc/odbcinst.ini'] },
  'python-ldap': { libraries: ['libsasl2'], data: ['/usr/lib/sasl2', '/etc/ldap/ldap.conf'] },
  xmlsec: { libraries: ['libxmlsec1', 'libxmlsec1-openssl'] },
  'python3-saml': { libraries: ['libxmlsec1', 'libxmlsec1-openssl'] },
  pysaml2: { programs: ['xmlsec1'] },
  pyzbar: { libraries: ['libzbar'] },
  pylibdmtx: { libraries: ['libdmtx'] },
  sounddevice: { libraries: ['libportaudio'] },
  soundfile: { libraries: ['libsndfile'] },
  pydub: { programs: ['ffmpeg', 'ffprobe'] },
  'ffmpeg-python': { programs: ['ffmpeg', 'ffprobe'] },
  'yt-dlp': { programs: ['ffmpeg', 'ffprobe'] },
  moviepy: { programs: ['ffmpeg'] },
  'openai-whisper': { programs: ['ffmpeg'] },
  pdf2image: { programs: ['pdftoppm', 'pdftocairo', 'pdfinfo'] },
  pytesseract: { programs: ['tesseract'], data: ['/usr/share/tesseract-ocr'] },
  ocrmypdf: { programs: ['tesseract', 'gs', 'unpaper', 'pngquant', 'qpdf'] },
  camelot: { programs: ['gs'], libraries: ['libgs'] },
  'camelot-py': { programs: ['gs'], libraries: ['libgs'] },
  ghostscript: { libraries: ['libgs'] },
  wand: { libraries: ['libMagickWand-6.Q16', 'libMagickWand-7.Q16'], data: ['/etc/ImageMagick-6'] },
  pdfkit: { programs: ['wkhtmltopdf'] },
  imgkit: { programs: ['wkhtmltoimage'] },
  graphviz: { programs: ['dot'] },
  pydot: { programs: ['dot'] },
  pygraphviz: { programs: ['dot'], data: ['/usr/lib/x86_64-linux-gnu/graphviz'] },
  gitpython: { programs: ['git'] },
  'python-gnupg': { programs: ['gpg'] },
  textract: { programs: ['antiword', 'pdftotext', 'tesseract', 'sox'] },
  unoconv: { programs: ['soffice'] },
  pypandoc: { programs: ['pandoc'] },
  'django-dbbackup': { programs: ['pg_dump', 'psql', 'mysqldump'] },
  paramiko: { libraries: ['libgssapi_krb5'] },
  gssapi: { libraries: ['libgssapi_krb5'] },
  'requests-kerberos': { libraries: ['libgssapi_krb5'] },
  pyusb: { libraries: ['libusb-1.0', 'libusb-0.1'] },
  pyscard: { libraries: ['libpcsclite'] },
  pkcs11: { libraries: ['libsofthsm2'] },
  pyenchant: { libraries: ['libenchant-2'], data: ['/usr/share/hunspell', '/usr/share/enchant-2'] },
  shapely: { libraries: ['libgeos_c'] },
  rtree: { libraries: ['libspatialindex_c'] },
  pyproj: { data: ['/usr/share/proj'] },
  'opencv-python': { libraries: ['libGL', 'libgthread-2.0', 'libglib-2.0'] },
  'opencv-contrib-python': { libraries: ['libGL', 'libgthread-2.0', 'libglib-2.0'] },
  pygobject: { libraries: ['libgirepository-1.0'], data: ['/usr/lib/girepository-1.0'] },
  matplotlib: { data: fonts },
  reportlab: { data: fonts },
  tkcalendar: { libraries: ['libtk8.6', 'libtcl8.6'] },
  playwright: { data: ['/root/.cache/ms-playwright'] },
  selenium: { programs: ['chromium', 'chromedriver', 'geckodriver', 'firefox'] },
  pyppeteer: { programs: ['chromium'] },
  pyvips: { libraries: ['libvips'] },
  'python-snap7': { libraries: ['libsnap7'] },
  pyaudio: { libraries: ['libportaudio'] },
  'ibm-db': { libraries: ['libxml2'] },
  'cx-oracle': { libraries: ['libaio', 'libclntsh'] },
  oracledb: { libraries: ['libaio', 'libclntsh'] },
  jpype1: { libraries: ['libjvm'], programs: ['java'] },
  pyspark: { programs: ['java'] },
  tabula: { programs: ['java'] },
  'tabula-py': { programs: ['java'] },
  triton: { compiler: true, programs: ['gcc'] },
  cppyy: { compiler: true },
  pythran: { compiler: true },
  'scikit-cuda': { libraries: ['libcublas', 'libcusolver'] },
  pyopencl: { libraries: ['libOpenCL'] },
}

/** Known needs of installed distributions, in their order. */
export function knownNeeds(
  distributions: readonly Pick<PythonDistribution, 'key'>[],
): readonly RuntimeNeed[] {
  return distributions.flatMap(({ key }) => {
    const row = Object.hasOwn(catalogue, key) ? catalogue[key] : undefined
    return row ? [{ ...nothing, ...row, distribution: key }] : []
  })
}

const nothing = { libraries: [], programs: [], data: [], compiler: false } as const
