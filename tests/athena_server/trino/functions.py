"""The functions Athena has, with the parameters of those that flow log queries use.

Made from "Functions and operators", Trino documentation, and "Functions in Amazon Athena", Athena
User Guide. What is on neither page is refused, whatever DuckDB has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tests.athena_server.trino.tokens import words

AGGREGATES: Final = words(
    """
    any_value approx_distinct approx_most_frequent approx_percentile approx_set arbitrary array_agg
    avg bitwise_and_agg bitwise_or_agg bool_and bool_or checksum corr count count_if covar_pop
    covar_samp every geometric_mean histogram kurtosis listagg map_agg map_union max max_by merge
    min min_by multimap_agg numeric_histogram qdigest_agg reduce_agg regr_intercept regr_slope
    skewness stddev stddev_pop stddev_samp sum tdigest_agg var_pop var_samp variance
    """
)
WINDOW_ONLY: Final = words(
    """
    cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank
    row_number
    """
)
_SCALARS: Final = words(
    """
    abs acos all_match any_match array_distinct array_except array_intersect array_join array_max
    array_min array_position array_remove array_sort array_union arrays_overlap asin at_timezone
    atan atan2 bar bit_count bitwise_and bitwise_left_shift bitwise_not bitwise_or
    bitwise_right_shift bitwise_right_shift_arithmetic bitwise_xor cardinality cbrt ceil ceiling
    char2hexint chr coalesce codepoint color combinations concat concat_ws contains
    contains_sequence cos cosh cosine_similarity crc32 current_timezone date date_add date_diff
    date_format date_parse date_trunc day day_of_month day_of_week day_of_year degrees dow doy e
    element_at empty_approx_set exp extract filter flatten floor format format_datetime
    format_number from_base from_base32 from_base64 from_base64url from_big_endian_32
    from_big_endian_64 from_hex from_ieee754_32 from_ieee754_64 from_iso8601_date
    from_iso8601_timestamp from_iso8601_timestamp_nanos from_unixtime from_unixtime_nanos from_utf8
    great_circle_distance greatest grouping hamming_distance hash_counts hmac_md5 hmac_sha1
    hmac_sha256 hmac_sha512 hour human_readable_seconds if index infinity intersection_cardinality
    inverse_normal_cdf is_finite is_infinite is_json_scalar is_nan jaccard_index json_array_contains
    json_array_get json_array_length json_extract json_extract_scalar json_format json_parse
    json_size last_day_of_month least length levenshtein_distance ln log log10 log2 lower lpad ltrim
    luhn_check map map_concat map_entries map_filter map_from_entries map_keys map_values
    map_zip_with md5 millisecond minute mod month multimap_from_entries murmur3 nan ngrams
    none_match normal_cdf normalize now nullif parse_data_size parse_datetime parse_duration
    parse_presto_data_size pi position pow power quarter radians rand random reduce regexp_count
    regexp_extract regexp_extract_all regexp_like regexp_position regexp_replace regexp_split render
    repeat replace reverse rgb round rpad rtrim second sequence sha1 sha256 sha512 shuffle sign sin
    sinh slice soundex split split_part split_to_map split_to_multimap spooky_hash_v2_32
    spooky_hash_v2_64 sqrt starts_with strpos substr substring tan tanh timezone_hour
    timezone_minute to_base to_base32 to_base64 to_base64url to_big_endian_32 to_big_endian_64
    to_hex to_ieee754_32 to_ieee754_64 to_iso8601 to_milliseconds to_unixtime to_utf8 transform
    transform_keys transform_values translate trim trim_array truncate try typeof upper url_decode
    url_encode url_extract_fragment url_extract_host url_extract_parameter url_extract_path
    url_extract_port url_extract_protocol url_extract_query uuid value_at_quantile
    values_at_quantiles version week week_of_year width_bucket wilson_interval_lower
    wilson_interval_upper with_timezone word_stem xxhash64 year year_of_week yow zip zip_with
    """
)
NAMES: Final = AGGREGATES | WINDOW_ONLY | _SCALARS


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a function."""

    parameters: tuple[str, ...]
    """A family each: number integer text flag moment array map address any lambda; `*` repeats the
    last, `?` may be left out."""
    result: str
    """A type; `1` that of the first argument, `=` the common one, `[1]` an array of the first,
    `1[]` an element of the first; `?` not known here."""


_LINES: Final = """
any_value any : 1
arbitrary any : 1
approx_distinct any number? : bigint
approx_percentile number any : 1
approx_percentile number any any : 1
array_agg any : [1]
array_distinct array : 1
array_join array text text? : varchar
array_max array : 1[]
array_min array : 1[]
array_sort array lambda? : 1
at_timezone moment text : timestamp with time zone
avg number : double
bitwise_and integer integer : bigint
bitwise_or integer integer : bigint
bitwise_xor integer integer : bigint
bitwise_not integer : bigint
bitwise_and_agg integer : bigint
bitwise_or_agg integer : bigint
bool_and flag : boolean
bool_or flag : boolean
every flag : boolean
cardinality array : bigint
cardinality map : bigint
ceil number : 1
ceiling number : 1
coalesce any* : =
concat text* : varchar
concat array* : 1
concat_ws text any* : varchar
contains array any : boolean
contains text address : boolean
count any? : bigint
count_if flag : bigint
date any : date
date_add text integer moment : 3
date_diff text moment moment : bigint
date_format moment text : varchar
date_parse text text : timestamp
date_trunc text moment : 2
day moment : bigint
day_of_month moment : bigint
day_of_week moment : bigint
day_of_year moment : bigint
dense_rank : bigint
element_at array integer : 1[]
element_at map any : ?
extract moment : bigint
filter array lambda : 1
first_value any : 1
floor number : 1
format text any* : varchar
format_datetime moment text : varchar
from_hex text : varbinary
from_iso8601_date text : date
from_iso8601_timestamp text : timestamp with time zone
from_unixtime number : timestamp with time zone
from_unixtime number text : timestamp with time zone
from_unixtime number integer integer : timestamp with time zone
greatest any* : =
hour moment : bigint
if flag any : 2
if flag any any : =2
lag any integer? any? : 1
last_value any : 1
lead any integer? any? : 1
least any* : =
length text : bigint
listagg text text? : varchar
ln number : double
log number number : double
log10 number : double
log2 number : double
lower text : varchar
lpad text integer text : varchar
ltrim text : varchar
max any integer? : 1
max_by any any : 1
md5 varbinary : varbinary
min any integer? : 1
min_by any any : 1
minute moment : bigint
mod number number : =
month moment : bigint
now : timestamp with time zone
nth_value any integer : 1
ntile integer : bigint
nullif any any : 1
percent_rank : double
pow number number : double
power number number : double
quarter moment : bigint
rank : bigint
regexp_count text text : bigint
regexp_extract text text integer? : varchar
regexp_like text text : boolean
regexp_replace text text any? : varchar
regexp_split text text : array(varchar)
replace text text text? : varchar
reverse any : 1
round number integer? : 1
row_number : bigint
rpad text integer text : varchar
rtrim text : varchar
second moment : bigint
sequence integer integer integer? : array(bigint)
sequence moment moment any? : [1]
sign number : 1
slice array integer integer : 1
split text text integer? : array(varchar)
split_part text text integer : varchar
sqrt number : double
starts_with text text : boolean
stddev number : double
stddev_pop number : double
stddev_samp number : double
strpos text text integer? : bigint
substr text integer integer? : varchar
substring text integer integer? : varchar
sum number : sum
to_hex varbinary : varchar
to_iso8601 moment : varchar
to_unixtime moment : double
translate text text text : varchar
trim text text? : varchar
try any : 1
typeof any : varchar
upper text : varchar
url_decode text : varchar
url_encode text : varchar
variance number : double
week moment : bigint
with_timezone moment text : timestamp with time zone
year moment : bigint
""".strip()


def _signatures() -> dict[str, tuple[Signature, ...]]:
    found: dict[str, tuple[Signature, ...]] = {}
    for line in _LINES.splitlines():
        left, _, result = line.partition(" : ")
        name, *parameters = left.split()
        found[name] = (*found.get(name, ()), Signature(tuple(parameters), result))
    return found


SIGNATURES: Final = _signatures()
"""Functions that are missing here take and give anything."""
