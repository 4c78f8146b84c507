//! Tells the fingerprint of what is posted, and how many certificate authorities the system trusts.
use openssl::{hash::MessageDigest, ssl::SslConnector, ssl::SslMethod};
use tiny_http::{Response, Server};

fn main() {
    let server = Server::http("0.0.0.0:8080").expect("port 8080");
    println!("listening on {}", server.server_addr());
    for mut request in server.incoming_requests() {
        let answer = match request.url() {
            "/health" => "{\"status\": \"healthy\"}\n".to_string(),
            "/authorities" => format!("{}\n", authorities()),
            _ => {
                let mut body = Vec::new();
                let _ = request.as_reader().read_to_end(&mut body);
                fingerprint(&body)
            }
        };
        let _ = request.respond(Response::from_string(answer));
    }
}

/// What OpenSSL finds at the default place of its certificates.
fn authorities() -> usize {
    let connector = SslConnector::builder(SslMethod::tls()).map(|builder| builder.build());
    connector.map_or(0, |one| one.context().cert_store().all_certificates().len())
}

fn fingerprint(body: &[u8]) -> String {
    let digest = openssl::hash::hash(MessageDigest::sha256(), body).expect("SHA-256");
    digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>() + "\n"
}
