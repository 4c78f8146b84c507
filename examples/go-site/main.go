// Command site serves pages from templates on disk and tells what time it is elsewhere.
package main

import (
	"crypto/x509"
	"fmt"
	"html/template"
	"log"
	"net/http"
	"os"
	"time"
)

type page struct {
	Title  string
	Places []place
}

type place struct {
	Name string
	Zone string
}

// noon is a fixed instant, so that the answer is the same every time.
var noon = time.Date(2024, time.July, 1, 12, 0, 0, 0, time.UTC)

func main() {
	pages := template.Must(template.ParseGlob("templates/*.html"))
	roots, err := x509.SystemCertPool()
	if err != nil {
		log.Fatal(err)
	}

	http.Handle("/static/", http.StripPrefix("/static/", http.FileServer(http.Dir("static"))))
	http.HandleFunc("/health", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "{\"status\": \"healthy\", \"certificates\": %t}\n", !roots.Equal(x509.NewCertPool()))
	})
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		places := []place{}
		for _, zone := range []string{"America/New_York", "Asia/Tokyo"} {
			location, err := time.LoadLocation(zone)
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			places = append(places, place{Name: zone, Zone: noon.In(location).Format(time.RFC1123)})
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if err := pages.ExecuteTemplate(w, "index.html", page{Title: os.Getenv("SITE_TITLE"), Places: places}); err != nil {
			log.Print(err)
		}
	})
	log.Print("listening on :8080")
	log.Fatal(http.ListenAndServe(":8080", nil))
}
