package report

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// A date in figures or in Chinese numerals, as folded; the year first, or day,
// month and year with stops.
const (
	hanDigit  = `[〇○零一二三四五六七八九]`
	hanNumber = `[一二三四五六七八九十]{1,3}`
)

var dates = regexp.MustCompile(`((?:19|20)\d{2}) ?([-./年]) ?(\d{1,2}) ?[-./月] ?(\d{1,2})` +
	`|(` + hanDigit + `{4}) ?年 ?(` + hanNumber + `) ?月 ?(` + hanNumber + `) ?日` +
	`|\b(\d{1,2})[-./](\d{1,2})[-./]((?:19|20)\d{2})\b`) // the day first

// date is a day with the way it is written.
type date struct {
	iso     string // YYYY-MM-DD
	year    int
	month   int
	chinese bool // with 年, 月 and 日, as people sign; not as pages stamp
	at      int  // byte at which it begins
}

// findDates are the valid dates in a folded text, in order.
func findDates(norm string) []date {
	var ds []date
	for _, m := range dates.FindAllStringSubmatchIndex(norm, -1) {
		sub := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return norm[m[2*i]:m[2*i+1]]
		}
		var y, mo, d int
		chinese := sub(2) == "年" || sub(5) != ""
		switch {
		case sub(5) != "":
			y, mo, d = hanValue(sub(5)), hanValue(sub(6)), hanValue(sub(7))
		case sub(10) != "":
			y, mo, d = atoi(sub(10)), atoi(sub(9)), atoi(sub(8))
		default:
			y, mo, d = atoi(sub(1)), atoi(sub(3)), atoi(sub(4))
		}
		t := time.Date(y, time.Month(mo), d, 0, 0, 0, 0, time.UTC)
		if y < 1990 || y > 2100 || int(t.Month()) != mo || t.Day() != d {
			continue
		}
		ds = append(ds, date{iso: fmt.Sprintf("%04d-%02d-%02d", y, mo, d), year: y, month: mo, chinese: chinese, at: m[0]})
	}
	return ds
}

// firstDate is the first date in a folded text.
func firstDate(norm string) (date, bool) {
	if ds := findDates(norm); len(ds) > 0 {
		return ds[0], true
	}
	return date{}, false
}

// lastDate is the last date in a folded text.
func lastDate(norm string) (date, bool) {
	if ds := findDates(norm); len(ds) > 0 {
		return ds[len(ds)-1], true
	}
	return date{}, false
}

func atoi(s string) int {
	n := 0
	for _, r := range s {
		n = n*10 + int(r-'0')
	}
	return n
}

// hanValue is the value of a number below a hundred written with 十, or of a
// string of Chinese digits (二〇二三).
func hanValue(s string) int {
	digit := func(r rune) int {
		if i := strings.IndexRune("零一二三四五六七八九", r); i >= 0 {
			return i / len("零")
		}
		return 0 // 〇 and ○
	}
	n, current, tens := 0, 0, false
	for _, r := range s {
		if r == '十' {
			tens = true
			n, current = max(current, 1)*10, 0
			continue
		}
		if tens {
			current = digit(r)
		} else {
			current = current*10 + digit(r)
		}
	}
	return n + current
}
