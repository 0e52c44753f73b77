package eval

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"graphd/internal/kg"
)

// Gold is what people say that a report says.
type Gold struct {
	File          string     `json:"file"`
	Issuer        GoldIssuer `json:"issuer"`
	Year          *int       `json:"year"`
	Published     *string    `json:"published"`
	Jurisdictions []GoldItem `json:"jurisdictions"`
	Laws          []GoldItem `json:"laws"`
	Practices     []GoldItem `json:"practices"`
	Firms         []GoldItem `json:"firms"`
	Metrics       []GoldItem `json:"metrics"`
}

// GoldIssuer is the right issuer. Without a code it is undecidable, and an
// answer must say so with at least these candidates.
type GoldIssuer struct {
	Name       string   `json:"name"`
	Code       *string  `json:"code"`
	Candidates []string `json:"candidates"`
}

// GoldItem is one right answer. Which fields are set depends on its kind.
type GoldItem struct {
	Name  string  `json:"name"`
	Title string  `json:"title"` // a law's name
	Quote string  `json:"quote"`
	Code  *string `json:"code"`

	Type   kg.LawType `json:"type"`
	Status string     `json:"status"`
	Scope  kg.Scope   `json:"scope"`

	// Context is a slice of the text that occurs once and holds a metric's
	// quote. Each list in Must needs one of its words in the label.
	Context     string     `json:"context"`
	Value       float64    `json:"value"`
	Unit        string     `json:"unit"`
	Must        [][]string `json:"must"`
	Approximate bool       `json:"approximate"`
	Target      bool       `json:"target"`

	// Optional items neither help nor harm. The others list further right
	// answers.
	Optional             bool         `json:"optional"`
	Accept               []string     `json:"accept"`
	AcceptStatus         []string     `json:"accept_status"`
	AcceptType           []kg.LawType `json:"accept_type"`
	AcceptUnit           []string     `json:"accept_unit"`
	AcceptValue          []float64    `json:"accept_value"`
	ApproximateDebatable bool         `json:"approximate_debatable"`
}

// ReadGold reads all files dir/*.json, ordered by name. Errors are *kg.Error
// with the code UNREADABLE; a folder without any is one.
func ReadGold(dir string) ([]Gold, error) {
	fail := func(path string, err error) ([]Gold, error) {
		return nil, &kg.Error{Op: "read gold answers", Code: kg.CodeUnreadable, Subject: path, Err: err}
	}
	paths, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return fail(dir, err)
	}
	if len(paths) == 0 {
		return fail(dir, errors.New("no file there ends in .json"))
	}
	var golds []Gold
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			return fail(path, err)
		}
		var g Gold
		if err := json.Unmarshal(data, &g); err != nil {
			return fail(path, err)
		}
		if g.File == "" {
			return fail(path, fmt.Errorf("it does not say of which file it speaks"))
		}
		golds = append(golds, g)
	}
	return golds, nil
}
