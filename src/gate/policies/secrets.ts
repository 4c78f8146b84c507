import type { FileTree, TreeEntry } from '../../image/index.ts'
import type { PolicyKind } from '../define.ts'
import { sortIgnored } from '../ignore.ts'
import { many } from '../many.ts'
import type { GateImage, Item } from '../types.ts'

const names =
  /(?:^|\/)(?:id_(?:rsa|dsa|ecdsa|ed25519)|\.env(?:\.(?:local|production))?|\.netrc|\.pypirc|\.git-credentials|credentials\.json|\.htpasswd)$|\/\.aws\/credentials$|\/\.kube\/config$/
const mayHoldToken = /\/(?:\.npmrc|\.yarnrc\.yml|\.docker\/config\.json)$/
const token = /_authToken\s*=|_auth\s*=|npmAuthToken|"auth"\s*:\s*"[^"]/
const mayHoldKey = /\.(?:pem|key)$/
const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----/
const variable = /(?:^|_)(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY)(?:_|$)/i

/** Well-known secret files in the own layers, deleted by a later one or not, and variables whose names say what they hold. No value is ever shown. */
export const noSecrets: PolicyKind<{ readonly allow: 'texts?' }> = {
  options: { allow: 'texts?' },
  why: 'anyone who pulls the image can read it, in every layer that ever held it',
  fix: 'RUN --mount=type=secret at build time, the environment at run time; and change what leaked',
  slimFixes: false,
  needsBase: true,
  judge: ({ allow }, input) => {
    const common = { title: 'no secrets', allowed: 'none' }
    const { image } = input
    if (!image) return { ...common, status: 'skip', found: 'no image', items: [] }
    const found = [...inFiles(image), ...inVariables(image)].filter(
      (item) => !(allow ?? []).some((name) => item.what.includes(name)),
    )
    const { counted: items, notCounted } = sortIgnored('no-secrets', found, input)
    return {
      ...common,
      status: items.length === 0 ? 'pass' : 'fail',
      found: items.length === 0 ? 'none' : many(items.length, 'place'),
      items,
      notCounted,
    }
  },
}

function inFiles(image: GateImage): readonly Item[] {
  const count = image.config.rootfs.diff_ids.length
  return Array.from({ length: count }, (_, index) => index)
    .slice(image.baseLayers)
    .flatMap((layer) => {
      const tree = image.layer(layer)
      return [...tree.walk()]
        .filter((entry) => entry.kind === 'file' && entry.size > 0 && isSecret(tree, entry))
        .map(({ path, size }) => ({
          what: `${path}, layer ${layer + 1}${image.tree.lookup(path) ? '' : ', deleted by a later one'}`,
          path,
          layer,
          line: image.weight().layers[layer]?.line ?? undefined,
          bytes: size,
        }))
    })
}

function isSecret(tree: FileTree, { path, size }: TreeEntry): boolean {
  if (names.test(path)) return true
  const content = mayHoldToken.test(path) ? token : mayHoldKey.test(path) ? privateKey : null
  if (content === null) return false
  const head = tree.read(path, { offset: 0, length: Math.min(size, 65_536) })
  return content.test(new TextDecoder().decode(head))
}

function inVariables(image: GateImage): readonly Item[] {
  const env = (image.config.config.Env ?? []).flatMap((pair) => {
    const [name = '', ...value] = pair.split('=')
    return variable.test(name) && value.join('=') !== '' ? [{ what: `ENV ${name}` }] : []
  })
  const args = image.config.history.flatMap(({ created_by: text = '' }) => {
    const given = /^(?:RUN )?\|\d+ (.*?) \/bin\/sh -c /.exec(text)?.[1] ?? ''
    return [...given.matchAll(/(?:^| )([A-Za-z_]\w*)=(?! |$)/g)]
      .map((match) => match[1] ?? '')
      .filter((name) => variable.test(name))
      .map((name) => ({ what: `ARG ${name}, in the history` }))
  })
  return [...new Map([...env, ...args].map((item) => [item.what, item])).values()]
}
