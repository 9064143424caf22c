// Package lexicon finds bodies by what people type: simplified or traditional
// characters, full-width letters, English, pinyin or its initials, an alias,
// a part of a name, a name with one slip of the finger. It never guesses: when
// several bodies fit equally well it returns them all and the caller asks.
//
// A tour: fold.go brings texts into one form, names.go lists what a body is
// called, index.go finds, rank.go orders what is offered in a list, cache.go
// keeps the index of the present bodies.
package lexicon
