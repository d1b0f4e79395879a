"""The bucketed question behind a timeline, written like a saved query.

A record is counted once, in the bucket in which it begins. Its packets and bytes are spread evenly
over its seconds, both ends inside, so that a window of ten minutes makes no spike of one; in whole
numbers, whose parts always add up to the record. One that claims to span more than a day is none of
AWS's windows and stays whole where it begins. What lies outside the time in view goes to the bucket
before the first, or after the last. SKIPDATA windows are counted in each bucket that they touch.
"""

from __future__ import annotations

from typing import Final

from flowtui.domain.filters import FlowFilter
from flowtui.domain.queries import Parameter, ParameterType, SavedQuery
from flowtui.domain.timelines import Grid
from flowtui.domain.views import View

_SQL: Final = """
WITH times AS (
  SELECT
    CASE
      WHEN start >= :until THEN :until
      WHEN start > :since - 86400 THEN start
      ELSE :since - 86400
    END AS began,
    CASE WHEN "end" < :until + 86400 THEN "end" ELSE :until + 86400 END AS ended,
    CASE
      WHEN is_lost() THEN 'lost'
      WHEN optional(action) = 'ACCEPT' THEN 'accepted'
      WHEN optional(action) = 'REJECT' THEN 'rejected'
      ELSE 'other'
    END AS verdict,
    optional(packets) AS packets,
    optional(bytes) AS bytes
  FROM flows
), spans AS (
  SELECT
    began,
    CASE WHEN ended BETWEEN began AND began + 86399 THEN ended ELSE began END AS ended,
    verdict,
    packets,
    bytes
  FROM times
), placed AS (
  SELECT
    CASE
      WHEN began < :since THEN bucket(:since, :width) - :width
      WHEN began < :until THEN bucket(began, :width)
      ELSE bucket(:until - 1, :width) + :width
    END AS first,
    CASE
      WHEN ended < :since THEN bucket(:since, :width) - :width
      WHEN ended < :until THEN bucket(ended, :width)
      ELSE bucket(:until - 1, :width) + :width
    END AS last,
    began,
    ended,
    verdict,
    packets,
    bytes
  FROM spans
), windows AS (
  SELECT
    first,
    last,
    CASE WHEN first = last THEN 0 ELSE began END AS began,
    CASE WHEN first = last THEN 1 ELSE ended - began + 1 END AS seconds,
    verdict,
    count(*) AS records,
    coalesce(sum(packets), 0) AS packets,
    coalesce(sum(bytes), 0) AS bytes
  FROM placed
  GROUP BY 1, 2, 3, 4, 5
), rates AS (
  SELECT
    first,
    last,
    began,
    seconds,
    verdict,
    records,
    packets,
    bytes,
    CASE
      WHEN seconds = 1 THEN packets
      ELSE CAST((packets - packets % seconds) / seconds AS bigint)
    END AS packets_rate,
    CASE
      WHEN seconds = 1 THEN bytes
      ELSE CAST((bytes - bytes % seconds) / seconds AS bigint)
    END AS bytes_rate
  FROM windows
), pieces AS (
  SELECT
    slot,
    verdict,
    CASE WHEN slot = first OR verdict = 'lost' THEN records ELSE 0 END AS records,
    seconds,
    CASE
      WHEN slot = first THEN 0
      WHEN slot < :since THEN :since - began
      WHEN slot < :until THEN slot - began
      ELSE :until - began
    END AS low,
    CASE
      WHEN slot = last THEN seconds
      WHEN slot + :width <= :since THEN :since - began
      WHEN slot + :width < :until THEN slot + :width - began
      ELSE :until - began
    END AS high,
    packets_rate,
    packets - packets_rate * seconds AS packets_rest,
    bytes_rate,
    bytes - bytes_rate * seconds AS bytes_rest
  FROM rates
  CROSS JOIN UNNEST(sequence(first, last, :width)) AS spread (slot)
), shares AS (
  SELECT
    slot,
    verdict,
    records,
    packets_rate * (high - low) + CAST(
      (packets_rest * high - packets_rest * high % seconds) / seconds
      - (packets_rest * low - packets_rest * low % seconds) / seconds
    AS bigint) AS packets,
    bytes_rate * (high - low) + CAST(
      (bytes_rest * high - bytes_rest * high % seconds) / seconds
      - (bytes_rest * low - bytes_rest * low % seconds) / seconds
    AS bigint) AS bytes
  FROM pieces
)
SELECT slot, verdict, sum(records) AS records, sum(packets) AS packets, sum(bytes) AS bytes
FROM shares
GROUP BY slot, verdict
ORDER BY slot, verdict
"""

_QUERY: Final = SavedQuery(
    "timeline-of-view",
    "Timeline",
    _SQL,
    parameters=tuple(
        Parameter(name, ParameterType.COUNT, "") for name in ("since", "until", "width")
    ),
)


def timeline_view(filter: FlowFilter, grid: Grid) -> View:
    """The question what passed in each bucket of a grid, of the records of a filter.

    Its rows: begin of the bucket in Unix seconds, verdict or `lost`, records, packets, bytes.
    """
    numbers = {"since": grid.since, "until": grid.until, "width": grid.width_s}
    return View(_QUERY, filter, tuple((name, str(number)) for name, number in numbers.items()))
