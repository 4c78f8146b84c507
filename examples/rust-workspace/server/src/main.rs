//! Answers GET with every thing there is, one a line.
use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
};

fn main() {
    let mut connection = store::connect();
    let listener = TcpListener::bind("0.0.0.0:8080").expect("port 8080");
    println!("listening on 8080");
    for stream in listener.incoming().flatten() {
        let path = path_of(&stream);
        let body = match path.as_str() {
            "/health" => "{\"status\": \"healthy\"}".to_string(),
            _ => store::names(&mut connection).unwrap_or_default().join("\n"),
        };
        let _ = answer(stream, &body);
    }
}

fn path_of(stream: &TcpStream) -> String {
    let mut line = String::new();
    let mut reader = BufReader::new(stream);
    let _ = reader.read_line(&mut line);
    let path = line.split(' ').nth(1).unwrap_or("/").to_string();
    while reader.read_line(&mut line).is_ok() && !line.ends_with("\r\n\r\n") && !line.is_empty() {
        if line.ends_with("\r\n") && line.trim_end().is_empty() {
            break;
        }
        line.clear();
    }
    path
}

fn answer(mut stream: TcpStream, body: &str) -> std::io::Result<()> {
    let length = body.len() + 1;
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}\n")
}
