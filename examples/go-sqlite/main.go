// Command counter counts the visits of each page in an SQLite database.
package main

import (
	"database/sql"
	"fmt"
	"log"
	"net/http"
	"os"
	"path/filepath"

	"github.com/mattn/go-sqlite3"
)

const schema = `create table if not exists visits (page text primary key, n integer not null)`

func main() {
	dir := os.Getenv("DATA_DIR")
	if dir == "" {
		dir = "."
	}
	db, err := sql.Open("sqlite3", filepath.Join(dir, "counter.db"))
	if err != nil {
		log.Fatal(err)
	}
	if _, err := db.Exec(schema); err != nil {
		log.Fatal(err)
	}
	library, _, _ := sqlite3.Version()

	http.HandleFunc("/health", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "{\"status\": \"healthy\", \"sqlite\": %q}\n", library)
	})
	http.HandleFunc("/visit/", func(w http.ResponseWriter, r *http.Request) {
		var n int
		row := db.QueryRow(`insert into visits values (?, 1)
			on conflict (page) do update set n = n + 1 returning n`, r.URL.Path)
		if err := row.Scan(&n); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		fmt.Fprintf(w, "%s: %d\n", r.URL.Path, n)
	})
	http.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, "GET /visit/PAGE counts and answers the count")
	})
	log.Print("listening on :8080")
	log.Fatal(http.ListenAndServe(":8080", nil))
}
