//! Greets in several languages; the greetings are a file that is read when the server starts.
use std::{collections::BTreeMap, fs, sync::Arc};

use axum::{extract::Path, extract::State, http::StatusCode, routing::get, Json, Router};
use serde_json::{json, Value};
use tokio::signal::unix::{signal, SignalKind};

type Greetings = Arc<BTreeMap<String, String>>;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let text = fs::read_to_string("assets/greetings.json").expect("assets/greetings.json");
    let greetings: Greetings = Arc::new(serde_json::from_str(&text).expect("greetings"));
    let app = Router::new()
        .route("/health", get(|| async { Json(json!({ "status": "healthy" })) }))
        .route("/", get(languages))
        .route("/{language}", get(greet))
        .with_state(greetings);
    let listener = tokio::net::TcpListener::bind("0.0.0.0:8080").await.expect("port 8080");
    println!("listening on {}", listener.local_addr().expect("address"));
    let mut terminate = signal(SignalKind::terminate()).expect("SIGTERM");
    axum::serve(listener, app)
        .with_graceful_shutdown(async move {
            terminate.recv().await;
        })
        .await
        .expect("server");
}

async fn languages(State(greetings): State<Greetings>) -> Json<Vec<String>> {
    Json(greetings.keys().cloned().collect())
}

async fn greet(
    State(greetings): State<Greetings>,
    Path(language): Path<String>,
) -> Result<Json<Value>, StatusCode> {
    let greeting = greetings.get(&language).ok_or(StatusCode::NOT_FOUND)?;
    Ok(Json(json!({ "language": language, "greeting": greeting })))
}
