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

// NearRegion returns the known region that a mistyped one most resembles, or whose city it names
// ("hangzhou"), or "" when none is near or the region is a known one.
func NearRegion(region string) string {
	word := strings.ReplaceAll(strings.ToLower(region), "_", "-")
	for _, known := range Regions() {
		if city, chinese := strings.CutPrefix(known, "cn-"); chinese && city == word {
			return known
		}
	}
	return Nearest(word, region, Regions())
}

// Nearest returns the candidate within two edits of word, within one of a word of up to four
// letters, or "" when none is, or when asked itself is a candidate: what the user wrote right
// needs no suggestion.
func Nearest(word, asked string, candidates []string) string {
	best, distance := "", 3
	if len(word) <= 4 {
		distance = 2
	}
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

// edits is how many letters must be added, left out, changed or swapped with their neighbour to
// make one word of another. Words longer than any name of ours are far from all.
func edits(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		for j := range rows[i] {
			if i == 0 || j == 0 {
				rows[i][j] = i + j
				continue
			}
			change := rows[i-1][j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			rows[i][j] = min(change, rows[i-1][j]+1, rows[i][j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
