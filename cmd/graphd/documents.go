package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// readDocuments reads trusted documents, by the SHA-256 of their text in
// hexadecimal: each .graphql file of a folder is one, and a file is a manifest,
// a JSON object of hash and text. No path means none.
func readDocuments(path string) (map[string]string, error) {
	documents := map[string]string{}
	if path == "" {
		return documents, nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(text, &documents); err != nil {
			return nil, fmt.Errorf("%s is no JSON object of hashes and texts: %w", path, err)
		}
		named := map[string]string{}
		for hash, text := range documents {
			// Some generators write the name of the algorithm before the hash.
			if hash = strings.TrimPrefix(hash, "sha256:"); hash != hashOf(text) {
				return nil, fmt.Errorf("%s: %s is not the SHA-256 of its text, which is %s", path, hash, hashOf(text))
			}
			named[hash] = text
		}
		return named, nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		if entry.IsDir() || filepath.Ext(entry.Name()) != ".graphql" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(path, entry.Name()))
		if err != nil {
			return nil, err
		}
		documents[hashOf(string(text))] = string(text)
	}
	if len(documents) == 0 {
		return nil, fmt.Errorf("%s holds no .graphql file", path)
	}
	return documents, nil
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
