"""Capacities and lead times of uploaded lists are shown at the node, and go with the upload."""

from chains.model import Scope
from desk.import_undo import undo_import
from desk.imports import Answers, bring_in, check_list
from desk.uploaded_details import read_uploaded_details, uploads_stamp

LIST = (
    "供应商,产品,份额,产能,单位,交期(周)\n"
    "Tokyo Resist,KrF光刻胶,50%,1.2万,升/月,4\nOsaka Resist,KrF光刻胶,,,,\n"
)


def test_capacity_unit_and_lead_time_stand_at_the_supplier_and_at_the_item(example):
    settings = example("textbook")
    before = uploads_stamp(settings)
    done = bring_in(
        settings,
        check_list(settings, "textbook", content=LIST.encode(), name="list.csv"),
        Answers(),
        partial=True,
    )
    assert uploads_stamp(settings) != before
    for scope, key in ((Scope.SUPPLIER, "J1"), (Scope.ITEM, "RESIST")):
        found = read_uploaded_details(settings, "textbook", scope=scope, key=key)
        (detail,) = found.details
        assert (detail.capacity, detail.unit, detail.lead_time_days) == (12000.0, "升/月", 28.0)
        assert [each.stated.share for each in found.conflicts] == [0.6]
    undo_import(settings, done.upload.upload_id, by="李工")
    assert read_uploaded_details(settings, "textbook", scope=Scope.ITEM, key="RESIST").details == ()
    assert read_uploaded_details(settings, "textbook", scope=Scope.COUNTRY, key="JPN").details == ()
