"""Functions that Athena documents and DuckDB can answer, so that a local engine runs no others.

Only names that sqlglot has no node of its own for need to stand here; more do no harm. See
"Functions in Amazon Athena" (engine version 3) and Trino's list of functions.
"""

from __future__ import annotations

from typing import Final

_NAMES: Final = """
abs acos approx_distinct approx_percentile arbitrary array_agg array_distinct array_except
array_intersect array_join array_max array_min array_position array_remove array_sort arrays_overlap
asin at_timezone atan atan2 avg bitwise_and bitwise_and_agg bitwise_left_shift bitwise_not
bitwise_or bitwise_or_agg bitwise_right_shift bitwise_xor bit_count bool_and bool_or cardinality
cbrt ceil ceiling char_length character_length chr coalesce codepoint concat concat_ws contains corr
cos cosh count count_if covar_pop covar_samp cume_dist date date_add date_diff date_format
date_parse date_trunc day day_of_month day_of_week day_of_year degrees dense_rank dow doy element_at
exp filter first_value flatten floor format format_datetime from_hex from_iso8601_date
from_iso8601_timestamp from_iso8601_timestamp_nanos from_unixtime geometric_mean greatest histogram
hour if is_finite is_nan json_array_length json_extract json_extract_scalar json_format json_parse
kurtosis lag last_day_of_month last_value lead least length levenshtein_distance listagg ln log
log10 log2 lower lpad ltrim map map_agg map_concat map_entries map_from_entries map_keys map_values
max max_by md5 millisecond min min_by minute mod month now nth_value ntile nullif parse_datetime
percent_rank pi position pow power quarter radians rank reduce regexp_count regexp_extract
regexp_extract_all regexp_like regexp_replace regexp_split regr_intercept regr_slope repeat replace
reverse round row_number rpad rtrim second sequence sha1 sha256 sha512 sign sin sinh skewness slice
split split_part sqrt starts_with stddev stddev_pop stddev_samp strpos substr substring sum tan tanh
timezone_hour timezone_minute to_hex to_iso8601 to_unixtime to_utf8 transform translate trim
truncate try try_cast typeof upper url_decode url_encode var_pop var_samp variance week week_of_year
with_timezone year year_of_week any_match all_match none_match any_value
"""
KNOWN_FUNCTIONS: Final = frozenset(_NAMES.split())
"""Names in lower case."""
