// Command api keeps short notes in memory and answers about them over HTTP.
package main

import (
	"context"
	"encoding/json"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/go-chi/chi/v5"

	"example.com/notes/internal/store"
)

// version is set by the linker.
var version = "dev"

func main() {
	notes := store.New()
	notes.Add("first", "the one that is always there")

	r := chi.NewRouter()
	r.Get("/health", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]string{"status": "healthy", "version": version})
	})
	r.Get("/notes", func(w http.ResponseWriter, _ *http.Request) { answer(w, notes.All()) })

	server := &http.Server{Addr: ":8080", Handler: r}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-stop
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = server.Shutdown(ctx)
	}()
	log.Printf("listening on %s", server.Addr)
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		log.Fatal(err)
	}
}

func answer(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(value)
}
