package kg

import (
	"errors"
	"strings"
)

// Code classifies an error for programs. A code is stable; a message is not.
type Code string

const (
	// Wrong usage of the command line or of an argument.
	CodeUsage Code = "USAGE"

	// Of one input file.
	CodeUnreadable  Code = "UNREADABLE"
	CodeEmpty       Code = "EMPTY"
	CodeBinary      Code = "BINARY"
	CodeUnsupported Code = "UNSUPPORTED_FORMAT"
	CodeTooLarge    Code = "TOO_LARGE"
	CodeNotAReport  Code = "NOT_A_REPORT"

	// Of the store.
	CodeStoreURI          Code = "STORE_URI"
	CodeStoreUnreachable  Code = "STORE_UNREACHABLE"
	CodeStoreUnauthorized Code = "STORE_UNAUTHORIZED"
	CodeStoreIncompatible Code = "STORE_INCOMPATIBLE"

	CodeInternal Code = "INTERNAL"
)

// Error is an error with the operation that failed, its code and its subject
// (a path, a URI, an ID), each said once.
type Error struct {
	Op      string
	Code    Code
	Subject string
	// Err is the cause; its text ends the message.
	Err error
}

// Error is one line: operation, subject, cause.
func (e *Error) Error() string {
	var parts []string
	for _, p := range []string{e.Op, e.Subject} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	}
	return strings.ReplaceAll(strings.Join(parts, ": "), "\n", " ")
}

func (e *Error) Unwrap() error { return e.Err }

// CodeOf is the code of the outermost Error in err's chain; CodeInternal if
// there is none, and empty for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return CodeInternal
}
