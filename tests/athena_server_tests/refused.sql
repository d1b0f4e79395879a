-- SYNTAX 1:17
SELECT srcaddr, end FROM flows;
-- SYNTAX 1:1
SELEC srcaddr FROM flows;
-- SYNTAX 1:35
SELECT srcaddr FROM flows LIMIT 5 OFFSET 2;
-- SYNTAX 1:17
SELECT srcaddr, FROM flows;
-- SYNTAX 1:13
SELECT bytes::double FROM flows;
-- SYNTAX 1:41
SELECT srcaddr FROM flows WHERE srcaddr ILIKE '10.%';
-- SYNTAX 1:10
SELECT * EXCLUDE (srcaddr) FROM flows;
-- SYNTAX 1:35
SELECT srcaddr FROM flows QUALIFY row_number() OVER () = 1;
-- SYNTAX 1:42
SELECT srcaddr FROM flows WHERE srcport == 22;
-- SYNTAX 1:43
SELECT srcaddr FROM flows WHERE tcp_flags & 2 > 0;
-- SYNTAX 1:8
SELECT `srcaddr` FROM flows;
-- SYNTAX 1:21
SELECT srcaddr FROM `flows`;
-- SYNTAX 1:39
SELECT srcaddr FROM flows WHERE (a = 1;
-- SYNTAX 1:32
SELECT srcaddr FROM flows WHERE;
-- SYNTAX 1:45
SELECT srcaddr FROM flows WHERE start > now INTERVAL '7 days';
-- SYNTAX 1:66
SELECT srcaddr FROM flows WHERE start > now() - INTERVAL '7 days';
-- SYNTAX 1:35
SELECT srcaddr FROM flows GROUP BY;
-- SYNTAX 1:22
SELECT count(*) AS n GROUP FROM flows;
-- SYNTAX 1:8
SELECT 7days FROM flows;
-- SYNTAX 1:22
SELECT srcaddr bytes packets FROM flows;
-- SYNTAX 1:39
SELECT srcaddr FROM flows WHERE a = b = c;
-- SYNTAX 1:26
SELECT srcaddr FROM flows!;
-- SYNTAX 1:8
SELECT {'a': 1} FROM flows;
-- SYNTAX 1:14
SELECT list[1:2] FROM flows;
-- SYNTAX 2:4
SELECT srcaddr FROM flows WHERE bytes > 1
AND;
-- SYNTAX 1:1
FROM flows SELECT srcaddr;
-- SYNTAX 1:32
SELECT srcaddr FROM flows LEFT SEMI JOIN flows b ON true;
-- SYNTAX 1:16
SELECT srcaddr INTO x FROM flows;
-- SYNTAX 1:41
SELECT srcaddr FROM flows WHERE srcaddr ~ '10';
-- SEVERAL
SELECT 1; SELECT 2;
-- COLUMN_NOT_FOUND 1:42
SELECT srcaddr FROM flows WHERE action = "REJECT";
-- COLUMN_NOT_FOUND 1:8
SELECT nope FROM flows;
-- COLUMN_NOT_FOUND 1:56
SELECT srcaddr AS s, count(*) AS n FROM flows GROUP BY s;
-- COLUMN_NOT_FOUND 1:60
SELECT srcaddr, count(*) AS n FROM flows GROUP BY 1 HAVING n > 1;
-- COLUMN_NOT_FOUND 1:43
SELECT bytes * 8 AS bits FROM flows WHERE bits > 1;
-- COLUMN_NOT_FOUND 1:37
SELECT count(*) FROM flows GROUP BY ALL;
-- TABLE_NOT_FOUND 1:15
SELECT * FROM nope;
-- EXPRESSION_NOT_AGGREGATE 1:8
SELECT srcaddr, count(*) FROM flows;
-- EXPRESSION_NOT_AGGREGATE 1:17
SELECT srcaddr, dstaddr, count(*) FROM flows GROUP BY srcaddr;
-- AMBIGUOUS_NAME 1:8
SELECT srcaddr FROM flows a JOIN flows b ON a.srcport = b.dstport;
-- EXPRESSION_NOT_SCALAR 1:33
SELECT srcaddr FROM flows WHERE sum(bytes) > 1;
-- INVALID_COLUMN_REFERENCE 1:36
SELECT srcaddr FROM flows GROUP BY 3;
-- EXPRESSION_NOT_IN_DISTINCT 1:45
SELECT DISTINCT srcaddr FROM flows ORDER BY bytes;
-- FUNCTION_NOT_FOUND 1:8
SELECT list_value(1, 2) FROM flows;
-- FUNCTION_NOT_FOUND 1:8
SELECT epoch(now());
-- FUNCTION_NOT_FOUND 1:8
SELECT to_timestamp(start) FROM flows;
-- FUNCTION_NOT_FOUND 1:8
SELECT string_agg(srcaddr, ',') FROM flows;
-- FUNCTION_NOT_FOUND 1:8
SELECT approx_count_distinct(srcaddr) FROM flows;
-- FUNCTION_NOT_FOUND 1:8
SELECT ifnull(srcaddr, '-') FROM flows;
-- FUNCTION_NOT_FOUND 1:8
SELECT unix_timestamp() FROM flows;
-- FUNCTION_NOT_FOUND 1:8
SELECT strftime(now(), '%Y');
-- FUNCTION_NOT_FOUND 1:33
SELECT srcaddr FROM flows WHERE contains('10.0.0.0/8', srcaddr);
-- FUNCTION_NOT_FOUND 1:16
SELECT srcaddr || srcport FROM flows;
-- FUNCTION_NOT_FOUND 1:8
SELECT from_unixtime('1795521600');
-- FUNCTION_NOT_FOUND 1:8
SELECT sum(srcaddr) FROM flows;
-- TYPE_MISMATCH 1:41
SELECT srcaddr FROM flows WHERE dstport = '443';
-- TYPE_MISMATCH 1:41
SELECT count(*) FROM dated WHERE "date" = '2026-11-23';
-- TYPE_MISMATCH 1:41
SELECT srcaddr FROM flows WHERE srcaddr BETWEEN 1 AND 2;
-- TYPE_MISMATCH 1:45
SELECT srcaddr FROM flows WHERE dstport IN ('22');
-- TYPE_MISMATCH 1:54
SELECT srcaddr FROM flows WHERE from_unixtime(start) > '2026-11-23';
-- TYPE_MISMATCH 1:33
SELECT srcaddr FROM flows WHERE bytes;
-- TYPE_MISMATCH 1:8
SELECT CASE WHEN bytes > 1 THEN 'x' ELSE 1 END FROM flows;
-- TYPE_MISMATCH 1:26
SELECT 1 AS a FROM flows UNION SELECT srcaddr FROM flows;
