import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;

/** Writes the certificates of a PEM bundle as the key store that the JVM trusts. Usage: BUNDLE STORE. */
public class Truststore {
  public static void main(String[] args) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (var bundle = new FileInputStream(args[0])) {
      int number = 0;
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(bundle))
        store.setCertificateEntry("ca-" + number++, one);
    }
    try (var file = new FileOutputStream(args[1])) {
      store.store(file, "changeit".toCharArray());
    }
  }
}
