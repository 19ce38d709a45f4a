"""The source that a generated migration is made of."""

from gis_infra.catalogue import plans

FIELDS = ("asset_code", "name", "address", "street", "description", "source_name")


def test_a_search_index_of_many_fields_is_written_on_lines_that_fit_a_function():
    source = plans.render_search_create("distribution_transformer", FIELDS)
    assert max(map(len, source.splitlines())) <= plans.WIDTH
    assert source.count("sa.text(") == len(FIELDS)
    compile(source, "migration", "exec")


def test_a_search_index_of_one_field_stands_on_few_lines():
    source = plans.render_search_create("tree", ["name"])
    assert '    [sa.text("gis.fold_text(name) gin_trgm_ops")],\n' in source
