#!/usr/bin/env bash
# Writes the plans of MATRIX that lie in FOLDER into the one comment of the pull request that begins with the mark of
# ENVIRONMENTS, and makes that comment where there is none. A layer without a plan could not be planned: then the exit code is 1.
#   in: MATRIX FOLDER PULL_REQUEST ENVIRONMENTS RUN (address of the run), GH_TOKEN and GH_REPO for gh
set -euo pipefail
folder=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=../shared.sh
. "$folder/../shared.sh"
# shellcheck source=../plan-page.sh
. "$folder/../plan-page.sh"

check PULL_REQUEST '[1-9][0-9]{0,9}' 'the number of a pull request'
check_folder ENVIRONMENTS
mark="<!-- slipway: plans of $ENVIRONMENTS -->"
# GitHub refuses a comment of more than 65,536 characters.
room=$((60000 / $(jq length <<<"$MATRIX")))

body=$(mktemp)
trap 'rm -f "$body"' EXIT
printf '%s\n## Plans of %s\n\nOf [this run](%s); applied is what is planned anew on the branch.\n' "$mark" "\`$ENVIRONMENTS\`" "$RUN" >"$body"
failed=0 same=
while read -r layer; do
  # shellcheck disable=SC2153 # FOLDER is given, folder is where this script lies
  file="$FOLDER/${layer//\//-}"
  result=$(jq --raw-output .result "$file.record.json" 2>/dev/null) || result=failed
  case $result in
    same) same+="${same:+, }$layer" ;;
    changed) { printf '\n' && plan_page "$file" "$room"; } >>"$body" ;;
    *)
      failed=$((failed + 1))
      printf '\n### %s\n\n**Could not be planned:** the log of its job says why.\n' "$layer" >>"$body"
      ;;
  esac
done < <(jq --raw-output '.[] | "\(.environment)/\(.layer)"' <<<"$MATRIX")
[ -z "$same" ] || printf '\nNo changes: %s.\n' "$same" >>"$body"

comments=$(gh api --paginate "repos/$GH_REPO/issues/$PULL_REQUEST/comments" \
  --jq ".[] | select(.user.type == \"Bot\" and (.body | startswith(\"$mark\"))) | .id")
comment=${comments%%$'\n'*}
if [ -n "$comment" ]; then
  jq --raw-input --slurp '{body: .}' "$body" | gh api --method PATCH "repos/$GH_REPO/issues/comments/$comment" --input - >/dev/null
else
  jq --raw-input --slurp '{body: .}' "$body" | gh api --method POST "repos/$GH_REPO/issues/$PULL_REQUEST/comments" --input - >/dev/null
fi
[ "$failed" -eq 0 ] || fail "$failed of $(jq length <<<"$MATRIX") layers could not be planned; the comment names them."
