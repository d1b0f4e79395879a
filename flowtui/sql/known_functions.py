"""Functions that Athena documents, so that a local engine runs no others.

Only names that sqlglot has no node of its own for need to stand here; more do no harm. See
"Functions in Amazon Athena" (engine version 3) and Trino's list of functions.
"""

from __future__ import annotations

from typing import Final

_NAMES: Final = """
abs acos approx_distinct approx_most_frequent approx_percentile arbitrary array_agg array_average
array_distinct array_except array_histogram array_intersect array_join array_max array_min
array_position array_remove array_sort array_union arrays_overlap asin at_timezone atan atan2 avg
bitwise_and bitwise_and_agg bitwise_left_shift bitwise_not bitwise_or bitwise_or_agg
bitwise_right_shift bitwise_xor bit_count bool_and bool_or bucket cardinality cbrt ceil ceiling
char_length character_length chr coalesce codepoint combinations concat concat_ws contains corr cos
cosh count count_if covar_pop covar_samp cume_dist current_timezone date date_add date_diff
date_format date_parse date_trunc day day_of_month day_of_week day_of_year degrees dense_rank dow
doy e element_at every exp filter first_value flatten floor format format_datetime format_number
from_hex from_iso8601_date from_iso8601_timestamp from_iso8601_timestamp_nanos
from_unixtime from_unixtime_nanos geometric_mean greatest hamming_distance histogram hour
if infinity is_finite is_infinite is_nan json_array_contains
json_array_length json_extract json_extract_scalar json_format json_parse json_size kurtosis lag
last_day_of_month last_value lead least length levenshtein_distance listagg ln log log10 log2 lower
lpad ltrim map map_agg map_concat map_entries map_from_entries map_keys map_values max max_by md5
millisecond min min_by minute mod month nan normalize now nth_value ntile nullif
parse_datetime parse_duration percent_rank pi position pow power quarter radians rank reduce
regexp_count regexp_extract regexp_extract_all regexp_like regexp_position regexp_replace
regexp_split regr_intercept regr_slope repeat replace reverse round row_number rpad rtrim second
sequence sha1 sha256 sha512 shuffle sign sin sinh skewness slice soundex split split_part
split_to_map sqrt starts_with stddev stddev_pop stddev_samp strpos substr substring sum tan tanh
timezone_hour timezone_minute to_hex to_iso8601 to_unixtime to_utf8 transform translate trim
truncate try try_cast typeof upper url_decode url_encode url_extract_fragment url_extract_host
url_extract_parameter url_extract_path url_extract_port url_extract_protocol url_extract_query
var_pop var_samp variance week week_of_year width_bucket with_timezone word_stem year
year_of_week yow zip zip_with any_match all_match none_match any_value
"""
KNOWN_FUNCTIONS: Final = frozenset(_NAMES.split())
"""Names in lower case."""
