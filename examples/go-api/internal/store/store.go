// Package store keeps notes in memory.
package store

import "github.com/google/uuid"

// Note is a titled text; its ID follows from its title.
type Note struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

// Store is a list of notes.
type Store struct{ notes []Note }

// New returns an empty store.
func New() *Store { return &Store{} }

// Add appends a note.
func (s *Store) Add(title, text string) {
	id := uuid.NewSHA1(uuid.NameSpaceURL, []byte(title)).String()
	s.notes = append(s.notes, Note{ID: id, Title: title, Text: text})
}

// All returns every note in the order it was added.
func (s *Store) All() []Note { return s.notes }
