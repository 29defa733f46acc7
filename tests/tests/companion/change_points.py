"""Change points by Apache Otava, of series in JSON on standard input: places, one list a series."""

import json
import sys

from otava.analysis import compute_change_points

for series in json.load(sys.stdin):
    found, _ = compute_change_points(series, window_len=50, max_pvalue=0.001, min_magnitude=0.03)
    print(json.dumps([int(point.index) for point in found]))
