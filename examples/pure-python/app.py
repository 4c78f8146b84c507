"""An app without native code: nothing of it is compiled."""

from bottle import Bottle, run

app = Bottle()


@app.get("/health")
def health():
    return {"status": "healthy"}


if __name__ == "__main__":
    run(app, host="0.0.0.0", port=5000)
