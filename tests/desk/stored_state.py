"""What counts in a database, as plain values: equal states hold the same facts, names and rows."""

from sqlalchemy import select

from chains.history import FACTS, is_current
from desk.store import reading
from ingest.tables import ListRowRow, NameDecisionRow, UploadRow


def counted_state(settings):
    """Read all that counts; numbers of rows and moments are left out, uploads stand by their digest."""
    with reading(settings) as session:
        uploads = session.execute(
            select(UploadRow.id, UploadRow.digest, UploadRow.chain_id, UploadRow.state).where(
                UploadRow.undone_at.is_(None)
            )
        ).all()
        digest = {upload_id: (chain, held) for upload_id, held, chain, _ in uploads}
        state: dict[tuple[object, ...], object] = {
            ("upload", *digest[each.id]): each.state for each in uploads
        }
        for name, kind in FACTS.items():
            table = kind.table.c
            columns = (table.chain_id, table.upload_id, table.place_file, table.place_row, *kind.columns)
            for chain, upload_id, *cells in session.execute(select(*columns).where(is_current(kind))):
                key = (name, chain, upload_id is None, *kind.key_of(tuple(cells[2:])))
                state[key] = (digest.get(upload_id), tuple(cells))
        said = select(NameDecisionRow).where(NameDecisionRow.superseded_at.is_(None))
        for row in session.scalars(said):
            state["name", row.kind, row.name_key] = (row.name, row.target_id, digest.get(row.upload_id))
        for stored in session.scalars(select(ListRowRow)):
            if stored.upload_id in digest:
                ids = (stored.state, stored.supplier_id, stored.item_id, stored.buyer_id, stored.step)
                state["row", *digest[stored.upload_id], stored.row] = (ids, stored.cells, stored.issues)
    return state
