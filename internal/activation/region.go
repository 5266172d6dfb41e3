package activation

import "strings"

// Regions returns every region an official page has named: the 16 of the API pages
// (CreateActivation, 2026-06-25) and those the user guide adds. It is for suggestions and
// completion, never for refusing: the service opens regions without asking us.
func Regions() []string {
	return []string{
		"cn-qingdao", "cn-beijing", "cn-zhangjiakou", "cn-huhehaote", "cn-wulanchabu",
		"cn-hangzhou", "cn-shanghai", "cn-shenzhen", "cn-heyuan", "cn-guangzhou",
		"cn-chengdu", "cn-hongkong", "ap-southeast-1", "ap-northeast-1", "us-west-1",
		"us-east-1",
		"ap-northeast-2", "ap-southeast-3", "ap-southeast-5", "ap-southeast-6",
		"ap-southeast-7", "eu-central-1", "eu-west-1", "me-east-1", "me-central-1",
	}
}

// NearRegion returns the known region that a mistyped one most resembles, or "" when none is
// near or the region is a known one.
func NearRegion(region string) string {
	return Nearest(strings.ReplaceAll(strings.ToLower(region), "_", "-"), region, Regions())
}

// Nearest returns the candidate within two edits of word, or "" when none is, or when asked
// itself is a candidate: what the user wrote right needs no suggestion.
func Nearest(word, asked string, candidates []string) string {
	best, distance := "", 3
	for _, c := range candidates {
		if c == asked {
			return ""
		}
		if d := edits(word, c); d < distance {
			best, distance = c, d
		}
	}
	return best
}

// edits is the Levenshtein distance. Words longer than any name of ours are far from all.
func edits(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
