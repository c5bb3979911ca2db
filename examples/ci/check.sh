#!/usr/bin/env bash
# For any other system: checks, keeps the report, and ends with what came of it.
#
#   bash check.sh [FOLDER]    FOLDER of the report, by default gan-metrics-report
set -uo pipefail

report=${1:-gan-metrics-report}
npx gan-metrics check --report "$report"
status=$?

case $status in
  0) echo "gan-metrics: passed" ;;
  1) echo "gan-metrics: worse than the baseline, or over a limit; see $report/index.html" ;;
  2) echo "gan-metrics: could not check; the error stands above" ;;
  3) echo "gan-metrics: undecided, more images are needed; see $report/index.html" ;;
  *) echo "gan-metrics: ended with $status" ;;
esac
exit "$status"
