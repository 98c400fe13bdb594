"""The invented law by hand in SQL for DuckDB, over the same layout, as a specialist would write it.

SQL's null is "not known" and its logic Kleene's. What a document states to be missing is a value of its own, and a comparison
with it is false: -2147483648 and 0001-01-01 lie below every limit, so least limits need no word about it. Sets and benefit
tables are few, so their part of the law is asked once per list and joined by number.
"""

from pathlib import Path

import duckdb
from bench_contender import FINDINGS, LEAST, MOST, NOT_MET, THREADS, UNDETERMINED, Report, contend, report

# Each list once: what the law asks of it.
_LISTS = """
of_set AS MATERIALIZED (
    SELECT number,
           list_has_any(codes, ['AQ', 'WORLD']) AS here,
           list_has_any(codes, ['epidemic', 'work_injury']) AS excludes,
           list_has_any(codes, ['polar_list', 'guarantee_fund']) AS registered,
           list_has_any(codes, ['en', 'ru']) AS readable,
           list_has_any(codes, ['AQ']) AS own,
           list_has_any(codes, ['KG', 'KZ']) AS party
    FROM read_parquet('{folder}/sets.parquet')
),
paid AS (
    SELECT number,
           list_transform(lines, lambda line:
               line.benefit = 'emergency' AND list_has_any(line.causes, ['illness'])) AS emergency,
           list_transform(lines, lambda line:
               line.benefit IN ('inpatient', 'comprehensive') AND list_has_any(line.causes, ['illness'])) AS inpatient
    FROM read_parquet('{folder}/benefits.parquet')
),
of_table AS MATERIALIZED (
    SELECT number,
           CASE WHEN list_contains(emergency, true) THEN true WHEN list_count(emergency) = len(emergency) THEN false END
           AND
           CASE WHEN list_contains(inpatient, true) THEN true WHEN list_count(inpatient) = len(inpatient) THEN false END
           AS benefits
    FROM paid
)"""

# Each row: the truth of every point of law, null where it is not known.
_ASKED = """
asked AS (
    SELECT one.row,
           contract_kind IN ('voluntary', 'travel') AS fits,
           last_day >= DATE '2026-06-01' AS lasts,
           of_table.benefits AS benefits,
           purpose <> 'work' AS not_for_work,
           deductible <= 0 OR deductible_currency <> 'absent' AND deductible <= {most} AS deductible,
           NOT excluded.excludes AS exclusions,
           register.registered AS insurer,
           language.readable AND translation_certified AS language,
           first_day <> DATE '0001-01-01' AND stay_first <> DATE '0001-01-01' AND first_day <= stay_first
           AND last_day <> DATE '0001-01-01' AND stay_last <> DATE '0001-01-01' AND last_day >= stay_last + 15 AS period,
           role IN ('worker', 'spouse') OR role IN ('child', 'newborn') AND age BETWEEN 0 AND 17 AS person,
           premium_paid OR premium_arrears = 0 AS premium,
           (sum_unlimited OR sum_insured <> -2147483648 AND sum_insured_currency <> 'absent' AND sum_insured >= {least})
           AND sum_insured_per IN ('person', 'event', 'year') AS sum_insured,
           term_days >= 90 AS term,
           place.here AND NOT exception.here AS territory,
           waiting_days <= 10 AS waiting,
           NOT citizen.own AND residence_status <> 'permanent_residence' AS duty,
           purpose IN ('business', 'transit') AND citizen.party AS exemption
    FROM read_parquet('{folder}/rows/*.parquet') AS one
    LEFT JOIN of_set AS citizen ON citizen.number = one.citizenship
    LEFT JOIN of_set AS place ON place.number = one.territory
    LEFT JOIN of_set AS exception ON exception.number = one.territory_except
    LEFT JOIN of_set AS excluded ON excluded.number = one.exclusions
    LEFT JOIN of_set AS register ON register.number = one.insurer_registers
    LEFT JOIN of_set AS language ON language.number = one.document_languages
    LEFT JOIN of_table ON of_table.number = one.benefits
),
weighed AS (
    SELECT *, CASE WHEN fits THEN lasts ELSE fits END AS entry, duty AND NOT exemption AS required,
           fits AND lasts AND benefits AND (not_for_work OR deductible) AND exclusions AND insurer AND language AND period
           AND person AND premium AND sum_insured AND term AND territory AND waiting AS recognised
    FROM asked
)"""
_VERDICT = "CASE WHEN NOT required THEN 3 WHEN recognised THEN 1 WHEN required AND NOT recognised THEN 0 ELSE 2 END"


def table(portfolio: Path, into: Path) -> None:
    """Decide every row and write verdicts and findings."""
    _connection().execute(f"COPY ({_decided(portfolio)}) TO '{into}/result.parquet' (FORMAT parquet, COMPRESSION zstd)")


def counts(portfolio: Path, _into: Path) -> Report:
    """Decide every row and count, with nothing written: rows with the same findings first, then every finding."""
    codes = ((at, code) for code in (NOT_MET, UNDETERMINED) for at in range(len(FINDINGS)))
    filters = [f"verdict = {code}" for code in range(4)] + [
        f"findings_0 >> {2 * at} & 3 = {code}" for at, code in codes
    ]
    sums = ", ".join(f"coalesce(sum(rows) FILTER ({one}), 0)::BIGINT" for one in filters)
    grouped = f"SELECT verdict, findings_0, count(*) AS rows FROM ({_decided(portfolio)}) GROUP BY ALL"
    row = _connection().execute(f"SELECT {sums} FROM ({grouped})").fetchall()[0]
    not_met, undetermined = row[4 : 4 + len(FINDINGS)], row[4 + len(FINDINGS) :]
    return report(
        dict(enumerate(row[:4])),
        dict(zip(FINDINGS, not_met, strict=True)),
        dict(zip(FINDINGS, undetermined, strict=True)),
    )


def _decided(portfolio: Path) -> str:
    """Return the query for verdict and findings of every row."""
    packed = " + ".join(f"({_code(name)})::UINTEGER * {4**at}::UINTEGER" for at, name in enumerate(FINDINGS))
    law = f"{_LISTS},{_ASKED}".format(
        folder=portfolio, least=_limit("sum_insured", LEAST), most=_limit("deductible", MOST)
    )
    return f"WITH {law} SELECT row, ({_VERDICT})::UTINYINT AS verdict, ({packed})::UBIGINT AS findings_0 FROM weighed"


def _code(name: str) -> str:
    """Return the finding's code; the deductible does not concern those who come for no work."""
    truth, concerns = (
        (name, "") if name != "deductible" else ("(not_for_work OR deductible)", "WHEN not_for_work THEN 3")
    )
    return f"CASE {concerns} WHEN {truth} THEN 1 WHEN NOT {truth} THEN 0 ELSE 2 END"


def _limit(amount: str, limits: dict[str, int]) -> str:
    cases = " ".join(f"WHEN '{code}' THEN {limit}" for code, limit in limits.items())
    return f"CASE {amount}_currency {cases} END"


def _connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(f"SET threads = {THREADS}")
    connection.execute("SET preserve_insertion_order = false")
    return connection


if __name__ == "__main__":
    contend({"table": table, "report": counts})
