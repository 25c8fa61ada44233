"""Fifty processes' worth of tries to import one file at once: one of them does, all others hear who did."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from chains.db import make_engine, read_session, write_session
from chains.repository import store_folder
from chains.tables import PurchaseRow
from ingest.commit import UploadStateError, commit
from ingest.tables import UploadRow
from tests.ingest.test_commit import NOON, ORIGIN, chain, listed, planned, upload_of

TRIES = 50
ROWS = [listed(2, "A", buyer="FAB", share=0.7), listed(3, "B", buyer="FAB", share=0.3)]


def test_a_file_that_fifty_connections_import_at_once_counts_once(migrated_url):
    engine = make_engine(migrated_url)
    with write_session(engine) as session:
        store_folder(session, chain(), digest="d", origin="shipped", at=NOON)
    together = Barrier(TRIES)

    def bring_in(_):
        own = make_engine(migrated_url)
        together.wait()
        try:
            with write_session(own) as session:
                plan = planned(session, ROWS)
                commit(session, upload_of(ORIGIN), plan, bad=(), decisions={}, at=NOON)
        except UploadStateError as refusal:
            return str(refusal)
        finally:
            own.dispose()
        return None

    with ThreadPoolExecutor(TRIES) as threads:
        answers = list(threads.map(bring_in, range(TRIES)))
    assert answers.count(None) == 1
    assert all("王工" in answer for answer in answers if answer is not None)
    with read_session(engine) as session:
        assert session.scalar(select(func.count()).select_from(UploadRow)) == 1
        assert session.scalar(select(func.count()).select_from(PurchaseRow)) == 2
    engine.dispose()
