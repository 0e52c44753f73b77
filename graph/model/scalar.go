package model

import (
	"encoding/base64"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"graphd/internal/kg"
)

// ID is an identifier of package kg. Clients see it as unpadded base64url, so
// that nobody builds on what it is made of.
type ID string

// unknown begins what a client wrote as an ID and is none. It is no type of
// ours, so that it matches nothing wherever it is compared.
const unknown = "unknown:"

// Opaque is the form that clients see.
func (id ID) Opaque() string {
	if raw, ok := strings.CutPrefix(string(id), unknown); ok {
		return raw
	}
	return base64.RawURLEncoding.EncodeToString([]byte(id))
}

// Name is what a client wrote where it wrote no ID: perhaps the name of
// something. ok is false for an ID.
func (id ID) Name() (name string, ok bool) { return strings.CutPrefix(string(id), unknown) }

// MarshalGQL writes the opaque form.
func (id ID) MarshalGQL(w io.Writer) { io.WriteString(w, strconv.Quote(id.Opaque())) }

// UnmarshalGQL reads the opaque form. What is no ID is read as one that stands
// for nothing: to a client both are a miss.
func (id *ID) UnmarshalGQL(v any) error {
	s, err := graphql.UnmarshalID(v)
	if err != nil {
		return BadInput("an ID must be a string")
	}
	raw, err := base64.RawURLEncoding.DecodeString(s)
	*id = ID(raw)
	if _, ok := kg.TypeOf(string(raw)); err != nil || !ok {
		*id = ID(unknown + s)
	}
	return nil
}

// MarshalDate writes a date of the form YYYY-MM-DD.
func MarshalDate(d string) graphql.Marshaler { return graphql.MarshalString(d) }

// UnmarshalDate reads a date and refuses what is none.
func UnmarshalDate(v any) (string, error) {
	s, ok := v.(string)
	if _, err := time.Parse(time.DateOnly, s); !ok || err != nil {
		return "", BadInput("a date must have the form YYYY-MM-DD")
	}
	return s, nil
}

// MarshalPracticeStatus writes the status's name.
func MarshalPracticeStatus(s kg.Status) graphql.Marshaler { return graphql.MarshalString(s.String()) }

// UnmarshalPracticeStatus reads a status by its name.
func UnmarshalPracticeStatus(v any) (kg.Status, error) {
	name, _ := v.(string)
	s, ok := kg.ParseStatus(name)
	if !ok {
		return s, BadInput("no PracticeStatus has this name")
	}
	return s, nil
}

// MarshalInt writes the number.
func MarshalInt(n int) graphql.Marshaler { return graphql.MarshalInt(n) }

// UnmarshalInt reads a whole number of 32 bits. Numbers in quotes are texts.
func UnmarshalInt(v any) (int, error) {
	number, err := graphql.UnmarshalInt32(v)
	if _, quoted := v.(string); quoted || err != nil {
		return 0, BadInput("an Int must be a whole number from -2147483648 to 2147483647, without quotes")
	}
	return int(number), nil
}

// MarshalUpload is for gqlgen: no answer has a file.
func MarshalUpload(f graphql.Upload) graphql.Marshaler { return graphql.MarshalUpload(f) }

// UnmarshalUpload reads a file that came with the request, alone or in place of a
// list.
func UnmarshalUpload(v any) (graphql.Upload, error) {
	switch f := v.(type) {
	case graphql.Upload:
		return f, nil
	case []graphql.Upload:
		if len(f) == 1 {
			return f[0], nil
		}
	}
	return graphql.Upload{}, BadInput("a file comes as a part of a multipart request, not in the variables")
}

// BadInput is an error that the client can mend by asking otherwise.
func BadInput(message string) error {
	return &gqlerror.Error{Message: message, Extensions: map[string]any{"code": "BAD_USER_INPUT"}}
}
