// Command dev answers while its sources are mounted and edited.
package main

import (
	"fmt"
	"log"
	"net/http"
)

func main() {
	http.HandleFunc("/health", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, `{"status": "healthy"}`)
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
