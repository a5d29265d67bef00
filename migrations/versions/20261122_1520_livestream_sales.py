"""livestream sales"""

import hashlib
import json
from datetime import datetime

from alembic import op
import sqlalchemy as sa
import trainer.models.types


revision = '5e2d46ea8d1a'
down_revision = '96e3c97d9f27'
branch_labels = None
depends_on = None


# What the release before has no room for.
ONLY_HERE = (
    'settlements', 'livestream_versions', 'order_line_versions', 'sales_entries', 'anomaly_events', 'sales_period_events',
    'donation_funds', 'column_mappings', 'shop_aliases',
)
MOMENTS = ('started_at', 'ordered_at', 'paid_at')
AT_ONCE = 2_000


CONFLICTS = {f'{database}_where': sa.text("action = 'conflict'") for database in ('sqlite', 'postgresql')}


def where_filled(column):
    filled = sa.text(f'{column} IS NOT NULL')
    return {'sqlite_where': filled, 'postgresql_where': filled}


def refuse_to_lose():
    counts = {name: f"SELECT count(*) FROM {name}" for name in ONLY_HERE}
    counts['shops that sell for a commission'] = "SELECT count(*) FROM shops WHERE role = 'host'"
    held = [what for what, count in counts.items() if op.get_bind().exec_driver_sql(count).scalar()]
    if held:
        raise RuntimeError(f"The release before has no room for what is in {', '.join(held)}. Put its last backup back instead.")


def product_key(product):
    """As domain/sales_import: products without a number are told apart by their name."""
    return 'name:' + hashlib.sha256(product.encode()).hexdigest()[:32] if product else ''


def name_products(bind):
    lines = sa.table('order_lines', sa.column('product'), sa.column('product_key'))
    for product in bind.scalars(sa.select(lines.c.product).distinct()).all():
        bind.execute(lines.update().where(lines.c.product == product).values(product_key=product_key(product)))


def move_staged_rows(bind):
    """What files said of broadcasts and orders stood, encrypted, among the staged rows: it goes to the versions."""
    meta = sa.MetaData()
    batches = sa.table('import_batches', sa.column('id'), sa.column('kind'), sa.column('summary', sa.JSON))
    rows = sa.table(
        'import_rows', sa.column('id'), sa.column('batch_id'), sa.column('row_number'), sa.column('action'),
        sa.column('content', trainer.models.types.EncryptedText), sa.column('problems', sa.JSON), sa.column('warnings', sa.JSON),
        sa.column('before', trainer.models.types.EncryptedText),
    )
    kept = rows.c.action.in_(('new', 'update', 'same', 'needs_person', 'conflict'))
    for batch_id, summary in bind.execute(sa.select(batches.c.id, batches.c.summary).where(batches.c.kind == 'sales')).all():
        name = 'order_line_versions' if summary['kind'] == 'order' else 'livestream_versions'
        versions = meta.tables.get(name)
        if versions is None:
            versions = sa.Table(name, meta, autoload_with=bind)
            for column in versions.columns:
                if isinstance(column.type, (sa.DateTime, sa.TIMESTAMP)):
                    column.type = trainer.models.types.UTCDateTime()
                elif column.name in ('problems', 'warnings'):
                    column.type = sa.JSON()
        last = 0
        while found := bind.execute(
            sa.select(rows).where(rows.c.batch_id == batch_id, kept, rows.c.id > last).order_by(rows.c.id).limit(AT_ONCE)
        ).all():
            bind.execute(versions.insert(), [version_of(row, name) for row in found])
            last = found[-1].id
        bind.execute(rows.delete().where(rows.c.batch_id == batch_id, kept))


def version_of(row, name):
    said = json.loads(row.content)
    facts = {key: datetime.fromisoformat(value) if key in MOMENTS and value else value for key, value in said.items()}
    if name == 'order_line_versions':
        facts |= {'product_key': product_key(said['product']), 'is_gift': False, 'empty_parcel': False}
    else:
        facts |= {'gmv_exact': True, 'gmv_measure': 'room'}
    told = {'batch_id': row.batch_id, 'row_number': row.row_number, 'action': row.action, 'before': row.before}
    return {**facts, **told, 'problems': row.problems or None, 'warnings': row.warnings or None}


def upgrade():
    op.add_column('cohort_metrics', sa.Column('sales_trust', sa.Integer(), nullable=True))
    op.create_table('sales_periods',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region_code', sa.String(length=6), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('stage', sa.Enum('open', 'county', 'city', 'province', name='periodstage', native_enum=False, length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['region_code'], ['regions.code'], name=op.f('fk_sales_periods_region_code_regions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sales_periods')),
    sa.UniqueConstraint('region_code', 'month', name=op.f('uq_sales_periods_region_code_month'))
    )
    with op.batch_alter_table('sales_periods', schema=None) as batch_op:
        batch_op.create_index('ix_sales_periods_month', ['month', 'stage'], unique=False)

    op.create_table('anomalies',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('check', sa.Enum('impossible_order', 'formula_mismatch', 'abnormal_trades', 'burst', 'bulk_refunds', 'pattern_share', 'conversion_outlier', 'broadcast_against_orders', 'shipping', 'double_claim', 'overlap', 'deadline_rush', 'typed_numbers', 'entry_pace', 'fast_recovery', name='anomalycheck', native_enum=False, length=32), nullable=False),
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.Column('state', sa.Enum('open', 'explained', 'decided', 'gone', name='anomalystate', native_enum=False, length=32), nullable=False),
    sa.Column('weight', sa.Double(), nullable=False),
    sa.Column('evidence', sa.JSON(), nullable=False),
    sa.Column('found_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('explanation', sa.Enum('group_purchase', 'office_purchase', 'festival', 'flash_sale', 'one_product', 'new_shop', 'drop_shipping', 'combined_parcel', 'platform_display', 'typing_mistake', 'catching_up', 'family_account', 'paid_traffic', 'other', 'no_explanation', name='explanation', native_enum=False, length=32), nullable=True),
    sa.Column('words', trainer.models.types.EncryptedText(), nullable=True),
    sa.Column('explained_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('explained_by', sa.Integer(), nullable=True),
    sa.Column('decision', sa.Enum('accept', 'back_check', 'exclude', name='decision', native_enum=False, length=32), nullable=True),
    sa.Column('reason', trainer.models.types.EncryptedText(), nullable=True),
    sa.Column('decided_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('decided_by IS NULL OR explained_by IS NULL OR decided_by <> explained_by', name=op.f('ck_anomalies_two_people')),
    sa.ForeignKeyConstraint(['decided_by'], ['accounts.id'], name=op.f('fk_anomalies_decided_by_accounts')),
    sa.ForeignKeyConstraint(['explained_by'], ['accounts.id'], name=op.f('fk_anomalies_explained_by_accounts')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_anomalies_shop_id_shops')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_anomalies')),
    sa.UniqueConstraint('shop_id', 'check', 'subject', name=op.f('uq_anomalies_shop_id_check_subject'))
    )
    with op.batch_alter_table('anomalies', schema=None) as batch_op:
        batch_op.create_index('ix_anomalies_state', ['state', 'id'], unique=False)

    op.create_table('column_mappings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('platform', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('columns', sa.JSON(), nullable=False),
    sa.Column('created_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['created_by'], ['accounts.id'], name=op.f('fk_column_mappings_created_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_column_mappings')),
    sa.UniqueConstraint('platform', 'fingerprint', name=op.f('uq_column_mappings_platform_fingerprint'))
    )
    op.create_table('donation_funds',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region_code', sa.String(length=6), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('purpose', sa.String(length=300), nullable=False),
    sa.Column('created_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['created_by'], ['accounts.id'], name=op.f('fk_donation_funds_created_by_accounts')),
    sa.ForeignKeyConstraint(['region_code'], ['regions.code'], name=op.f('fk_donation_funds_region_code_regions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_donation_funds')),
    sa.UniqueConstraint('region_code', 'name', name=op.f('uq_donation_funds_region_code_name'))
    )
    op.create_table('products',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('category', sa.Enum('fruit', 'vegetables', 'grain_and_oil', 'meat_and_eggs', 'dried_goods', 'tea_and_herbs', 'prepared_food', 'handicraft', 'clothing', 'other', name='productcategory', native_enum=False, length=32), nullable=True),
    sa.Column('sorted_by', sa.Integer(), nullable=True),
    sa.Column('season_from', sa.Integer(), nullable=True),
    sa.Column('season_to', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('(season_from IS NULL) = (season_to IS NULL)', name=op.f('ck_products_season_whole')),
    sa.CheckConstraint('season_from BETWEEN 1 AND 12 AND season_to BETWEEN 1 AND 12', name=op.f('ck_products_season_months')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_products_shop_id_shops')),
    sa.ForeignKeyConstraint(['sorted_by'], ['accounts.id'], name=op.f('fk_products_sorted_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_products')),
    sa.UniqueConstraint('shop_id', 'key', name=op.f('uq_products_shop_id_key'))
    )
    with op.batch_alter_table('products', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_products_category'), ['category'], unique=False)

    op.create_table('sales_period_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('period_id', sa.Integer(), nullable=False),
    sa.Column('from_stage', sa.Enum('open', 'county', 'city', 'province', name='periodstage', native_enum=False, length=32), nullable=False),
    sa.Column('to_stage', sa.Enum('open', 'county', 'city', 'province', name='periodstage', native_enum=False, length=32), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.CheckConstraint('from_stage <> to_stage', name=op.f('ck_sales_period_events_moved')),
    sa.ForeignKeyConstraint(['by'], ['accounts.id'], name=op.f('fk_sales_period_events_by_accounts')),
    sa.ForeignKeyConstraint(['period_id'], ['sales_periods.id'], name=op.f('fk_sales_period_events_period_id_sales_periods')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sales_period_events'))
    )
    with op.batch_alter_table('sales_period_events', schema=None) as batch_op:
        batch_op.create_index('ix_sales_period_events_period', ['period_id', 'id'], unique=False)

    op.create_table('shop_aliases',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('created_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['created_by'], ['accounts.id'], name=op.f('fk_shop_aliases_created_by_accounts')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_shop_aliases_shop_id_shops')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shop_aliases')),
    sa.UniqueConstraint('shop_id', 'name', name=op.f('uq_shop_aliases_shop_id_name'))
    )
    op.create_table('anomaly_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('anomaly_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('open', 'explained', 'decided', 'gone', name='anomalystate', native_enum=False, length=32), nullable=False),
    sa.Column('explanation', sa.Enum('group_purchase', 'office_purchase', 'festival', 'flash_sale', 'one_product', 'new_shop', 'drop_shipping', 'combined_parcel', 'platform_display', 'typing_mistake', 'catching_up', 'family_account', 'paid_traffic', 'other', 'no_explanation', name='explanation', native_enum=False, length=32), nullable=True),
    sa.Column('decision', sa.Enum('accept', 'back_check', 'exclude', name='decision', native_enum=False, length=32), nullable=True),
    sa.Column('words', trainer.models.types.EncryptedText(), nullable=True),
    sa.Column('at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['anomaly_id'], ['anomalies.id'], name=op.f('fk_anomaly_events_anomaly_id_anomalies')),
    sa.ForeignKeyConstraint(['by'], ['accounts.id'], name=op.f('fk_anomaly_events_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_anomaly_events'))
    )
    with op.batch_alter_table('anomaly_events', schema=None) as batch_op:
        batch_op.create_index('ix_anomaly_events_anomaly', ['anomaly_id', 'id'], unique=False)

    op.create_table('donation_payments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fund_id', sa.Integer(), nullable=False),
    sa.Column('shop_id', sa.Integer(), nullable=True),
    sa.Column('amount_fen', sa.BigInteger(), nullable=False),
    sa.Column('paid_on', sa.Date(), nullable=False),
    sa.Column('evidence_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('recorded_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('recorded_by', sa.Integer(), nullable=True),
    sa.Column('taken_back_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('taken_back_by', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.CheckConstraint('amount_fen > 0', name=op.f('ck_donation_payments_amount')),
    sa.ForeignKeyConstraint(['evidence_id'], ['stored_files.id'], name=op.f('fk_donation_payments_evidence_id_stored_files')),
    sa.ForeignKeyConstraint(['fund_id'], ['donation_funds.id'], name=op.f('fk_donation_payments_fund_id_donation_funds')),
    sa.ForeignKeyConstraint(['recorded_by'], ['accounts.id'], name=op.f('fk_donation_payments_recorded_by_accounts')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_donation_payments_shop_id_shops')),
    sa.ForeignKeyConstraint(['taken_back_by'], ['accounts.id'], name=op.f('fk_donation_payments_taken_back_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_donation_payments'))
    )
    with op.batch_alter_table('donation_payments', schema=None) as batch_op:
        batch_op.create_index('ix_donation_payments_fund', ['fund_id', 'paid_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_donation_payments_shop_id'), ['shop_id'], unique=False)

    op.create_table('donation_pledges',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fund_id', sa.Integer(), nullable=False),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('per_order_fen', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('created_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('ends_on IS NULL OR ends_on >= starts_on', name=op.f('ck_donation_pledges_days')),
    sa.CheckConstraint('per_order_fen > 0', name=op.f('ck_donation_pledges_per_order')),
    sa.ForeignKeyConstraint(['created_by'], ['accounts.id'], name=op.f('fk_donation_pledges_created_by_accounts')),
    sa.ForeignKeyConstraint(['fund_id'], ['donation_funds.id'], name=op.f('fk_donation_pledges_fund_id_donation_funds')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_donation_pledges_shop_id_shops')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_donation_pledges'))
    )
    with op.batch_alter_table('donation_pledges', schema=None) as batch_op:
        batch_op.create_index('ix_donation_pledges_fund', ['fund_id', 'id'], unique=False)
        batch_op.create_index('ix_donation_pledges_shop', ['shop_id', 'starts_on'], unique=False)

    op.create_table('livestream_versions',
    sa.Column('natural_key', sa.String(length=160), nullable=False),
    sa.Column('session_key', sa.String(length=80), nullable=True),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('started_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('ended_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('duration_s', sa.Integer(), nullable=True),
    sa.Column('gmv_fen', sa.BigInteger(), nullable=True),
    sa.Column('gmv_exact', sa.Boolean(), nullable=False),
    sa.Column('gmv_incl_abnormal_fen', sa.BigInteger(), nullable=True),
    sa.Column('gmv_measure', sa.String(length=20), nullable=False),
    sa.Column('refund_fen', sa.BigInteger(), nullable=True),
    sa.Column('refund_basis', sa.String(length=20), nullable=True),
    sa.Column('orders', sa.Integer(), nullable=True),
    sa.Column('buyers', sa.Integer(), nullable=True),
    sa.Column('items', sa.Integer(), nullable=True),
    sa.Column('viewers', sa.Integer(), nullable=True),
    sa.Column('viewers_exact', sa.Boolean(), nullable=False),
    sa.Column('views', sa.Integer(), nullable=True),
    sa.Column('peak_online', sa.Integer(), nullable=True),
    sa.Column('avg_online', sa.Integer(), nullable=True),
    sa.Column('product_exposed', sa.Integer(), nullable=True),
    sa.Column('product_clickers', sa.Integer(), nullable=True),
    sa.Column('new_followers', sa.Integer(), nullable=True),
    sa.Column('ad_spend_fen', sa.BigInteger(), nullable=True),
    sa.Column('stated_gpm_fen', sa.BigInteger(), nullable=True),
    sa.Column('stated_per_buyer_fen', sa.BigInteger(), nullable=True),
    sa.Column('stated_buyer_rate_bp', sa.Integer(), nullable=True),
    sa.Column('trust', sa.Integer(), nullable=False),
    sa.Column('row_number', sa.Integer(), nullable=False),
    sa.Column('action', sa.Enum('new', 'update', 'same', 'rejected', 'needs_person', 'duplicate', 'conflict', 'locked', name='rowaction', native_enum=False, length=32), nullable=False),
    sa.Column('problems', sa.JSON(), nullable=True),
    sa.Column('warnings', sa.JSON(), nullable=True),
    sa.Column('before', sa.String(), nullable=True),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batches.id'], name=op.f('fk_livestream_versions_batch_id_import_batches')),
    sa.PrimaryKeyConstraint('row_number', 'batch_id', name=op.f('pk_livestream_versions'))
    )
    with op.batch_alter_table('livestream_versions', schema=None) as batch_op:
        batch_op.create_index('ix_livestream_versions_key', ['natural_key'], unique=False)

    op.create_table('order_line_versions',
    sa.Column('natural_key', sa.String(length=160), nullable=False),
    sa.Column('order_key', sa.String(length=80), nullable=False),
    sa.Column('session_key', sa.String(length=80), nullable=True),
    sa.Column('product', sa.String(length=200), nullable=False),
    sa.Column('product_key', sa.String(length=80), nullable=False),
    sa.Column('sku', sa.String(length=80), nullable=True),
    sa.Column('quantity', sa.Integer(), nullable=True),
    sa.Column('ordered_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('paid_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('shipped_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('received_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('paid_fen', sa.BigInteger(), nullable=False),
    sa.Column('refunded_fen', sa.BigInteger(), nullable=False),
    sa.Column('settled_fen', sa.BigInteger(), nullable=True),
    sa.Column('commission_fen', sa.BigInteger(), nullable=True),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('is_gift', sa.Boolean(), nullable=False),
    sa.Column('is_live', sa.Boolean(), nullable=True),
    sa.Column('host', sa.String(length=80), nullable=True),
    sa.Column('province', sa.String(length=30), nullable=True),
    sa.Column('parcel', sa.String(length=32), nullable=True),
    sa.Column('empty_parcel', sa.Boolean(), nullable=False),
    sa.Column('trust', sa.Integer(), nullable=False),
    sa.Column('row_number', sa.Integer(), nullable=False),
    sa.Column('action', sa.Enum('new', 'update', 'same', 'rejected', 'needs_person', 'duplicate', 'conflict', 'locked', name='rowaction', native_enum=False, length=32), nullable=False),
    sa.Column('problems', sa.JSON(), nullable=True),
    sa.Column('warnings', sa.JSON(), nullable=True),
    sa.Column('before', sa.String(), nullable=True),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batches.id'], name=op.f('fk_order_line_versions_batch_id_import_batches')),
    sa.PrimaryKeyConstraint('row_number', 'batch_id', name=op.f('pk_order_line_versions'))
    )
    with op.batch_alter_table('order_line_versions', schema=None) as batch_op:
        batch_op.create_index('ix_order_line_versions_key', ['natural_key'], unique=False)
        batch_op.create_index('ix_order_line_versions_conflict', ['natural_key'], unique=False, **CONFLICTS)

    op.create_table('settlement_versions',
    sa.Column('natural_key', sa.String(length=160), nullable=False),
    sa.Column('order_key', sa.String(length=80), nullable=True),
    sa.Column('settled_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('income_fen', sa.BigInteger(), nullable=False),
    sa.Column('refund_fen', sa.BigInteger(), nullable=False),
    sa.Column('fees_fen', sa.BigInteger(), nullable=False),
    sa.Column('settled_fen', sa.BigInteger(), nullable=False),
    sa.Column('row_number', sa.Integer(), nullable=False),
    sa.Column('action', sa.Enum('new', 'update', 'same', 'rejected', 'needs_person', 'duplicate', 'conflict', 'locked', name='rowaction', native_enum=False, length=32), nullable=False),
    sa.Column('problems', sa.JSON(), nullable=True),
    sa.Column('warnings', sa.JSON(), nullable=True),
    sa.Column('before', sa.String(), nullable=True),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batches.id'], name=op.f('fk_settlement_versions_batch_id_import_batches')),
    sa.PrimaryKeyConstraint('row_number', 'batch_id', name=op.f('pk_settlement_versions'))
    )
    with op.batch_alter_table('settlement_versions', schema=None) as batch_op:
        batch_op.create_index('ix_settlement_versions_key', ['natural_key'], unique=False)

    op.create_table('settlements',
    sa.Column('natural_key', sa.String(length=160), nullable=False),
    sa.Column('order_key', sa.String(length=80), nullable=True),
    sa.Column('settled_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('income_fen', sa.BigInteger(), nullable=False),
    sa.Column('refund_fen', sa.BigInteger(), nullable=False),
    sa.Column('fees_fen', sa.BigInteger(), nullable=False),
    sa.Column('settled_fen', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('platform', sa.String(length=20), nullable=False),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batches.id'], name=op.f('fk_settlements_batch_id_import_batches')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_settlements_shop_id_shops')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_settlements')),
    sa.UniqueConstraint('platform', 'natural_key', name=op.f('uq_settlements_platform_natural_key'))
    )
    with op.batch_alter_table('settlements', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_settlements_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index('ix_settlements_order_key', ['order_key'], unique=False)
        batch_op.create_index('ix_settlements_shop_settled', ['shop_id', 'settled_at'], unique=False)

    op.create_table('sales_entries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('draft', 'submitted', 'checked', 'returned', 'replaced', 'taken_back', name='entrystate', native_enum=False, length=32), nullable=False),
    sa.Column('started_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('duration_s', sa.Integer(), nullable=True),
    sa.Column('viewers', sa.Integer(), nullable=True),
    sa.Column('orders', sa.Integer(), nullable=True),
    sa.Column('gmv_fen', sa.BigInteger(), nullable=True),
    sa.Column('refund_fen', sa.BigInteger(), nullable=True),
    sa.Column('rounded', sa.JSON(), nullable=False),
    sa.Column('picture_id', sa.Integer(), nullable=True),
    sa.Column('picture_hash', sa.String(length=16), nullable=True),
    sa.Column('picture_look', sa.String(length=520), nullable=True),
    sa.Column('nonce', sa.String(length=64), nullable=False),
    sa.Column('entered_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('entered_by', sa.Integer(), nullable=True),
    sa.Column('typed_by', sa.Integer(), nullable=True),
    sa.Column('submitted_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('checked_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('checked_by', sa.Integer(), nullable=True),
    sa.Column('retyped_fen', sa.BigInteger(), nullable=True),
    sa.Column('answer', trainer.models.types.EncryptedText(), nullable=True),
    sa.Column('livestream_id', sa.Integer(), nullable=True),
    sa.Column('replaced_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state = 'draft' OR (started_at IS NOT NULL AND gmv_fen IS NOT NULL)", name=op.f('ck_sales_entries_complete')),
    sa.CheckConstraint('checked_by IS NULL OR checked_by <> entered_by', name=op.f('ck_sales_entries_two_people')),
    sa.CheckConstraint('checked_by IS NULL OR checked_by <> typed_by', name=op.f('ck_sales_entries_checked_by_another')),
    sa.ForeignKeyConstraint(['checked_by'], ['accounts.id'], name=op.f('fk_sales_entries_checked_by_accounts')),
    sa.ForeignKeyConstraint(['entered_by'], ['accounts.id'], name=op.f('fk_sales_entries_entered_by_accounts')),
    sa.ForeignKeyConstraint(['livestream_id'], ['livestreams.id'], name=op.f('fk_sales_entries_livestream_id_livestreams')),
    sa.ForeignKeyConstraint(['picture_id'], ['stored_files.id'], name=op.f('fk_sales_entries_picture_id_stored_files')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_sales_entries_shop_id_shops')),
    sa.ForeignKeyConstraint(['typed_by'], ['accounts.id'], name=op.f('fk_sales_entries_typed_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sales_entries')),
    sa.UniqueConstraint('nonce', name=op.f('uq_sales_entries_nonce'))
    )
    with op.batch_alter_table('sales_entries', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sales_entries_livestream_id'), ['livestream_id'], unique=False)
        batch_op.create_index('ix_sales_entries_shop', ['shop_id', 'started_at'], unique=False)
        batch_op.create_index('ix_sales_entries_state', ['state', 'id'], unique=False)

    op.create_table('picture_twins',
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['sales_entries.id'], name=op.f('fk_picture_twins_entry_id_sales_entries')),
    sa.ForeignKeyConstraint(['other_id'], ['sales_entries.id'], name=op.f('fk_picture_twins_other_id_sales_entries')),
    sa.PrimaryKeyConstraint('entry_id', 'other_id', name=op.f('pk_picture_twins'))
    )
    with op.batch_alter_table('picture_twins', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_picture_twins_other_id'), ['other_id'], unique=False)

    op.create_table('sales_uploads',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('shop_id', sa.Integer(), nullable=True),
    sa.Column('bundle', sa.String(length=40), nullable=False),
    sa.Column('filename', sa.String(length=200), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.Enum('waiting', 'reading', 'read', 'to_map', 'to_assign', 'refused', 'given_up', name='uploadstate', native_enum=False, length=32), nullable=False),
    sa.Column('problem', sa.JSON(), nullable=True),
    sa.Column('task_id', sa.Integer(), nullable=True),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.Column('uploaded_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('uploaded_by', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batches.id'], name=op.f('fk_sales_uploads_batch_id_import_batches')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_files.id'], name=op.f('fk_sales_uploads_file_id_stored_files')),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_sales_uploads_shop_id_shops')),
    sa.ForeignKeyConstraint(['task_id'], ['background_tasks.id'], name=op.f('fk_sales_uploads_task_id_background_tasks')),
    sa.ForeignKeyConstraint(['uploaded_by'], ['accounts.id'], name=op.f('fk_sales_uploads_uploaded_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sales_uploads'))
    )
    with op.batch_alter_table('sales_uploads', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sales_uploads_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sales_uploads_bundle'), ['bundle'], unique=False)
        batch_op.create_index('ix_sales_uploads_shop', ['shop_id', 'id'], unique=False)
        batch_op.create_index('ix_sales_uploads_state', ['state', 'id'], unique=False)

    with op.batch_alter_table('livestreams', schema=None) as batch_op:
        batch_op.add_column(sa.Column('excluded_by', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('session_key', sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column('ended_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('gmv_exact', sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column('gmv_measure', sa.String(length=20), server_default='room', nullable=False))
        batch_op.add_column(sa.Column('buyers', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('items', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('views', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('peak_online', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('avg_online', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('product_exposed', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('product_clickers', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('new_followers', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('ad_spend_fen', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('stated_gpm_fen', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('stated_per_buyer_fen', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('stated_buyer_rate_bp', sa.Integer(), nullable=True))
        batch_op.create_index('ix_livestreams_excluded', ['excluded_by'], unique=False, **where_filled('excluded_by'))
        batch_op.create_foreign_key(batch_op.f('fk_livestreams_excluded_by_anomalies'), 'anomalies', ['excluded_by'], ['id'])

    with op.batch_alter_table('order_lines', schema=None) as batch_op:
        batch_op.add_column(sa.Column('livestream_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('attribution', sa.Enum('file', 'time', 'not_live', 'unknown_broadcast', 'open', name='attribution', native_enum=False, length=32), nullable=True))
        batch_op.add_column(sa.Column('excluded_by', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('session_key', sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column('product_key', sa.String(length=80), server_default='', nullable=False))
        batch_op.add_column(sa.Column('sku', sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column('shipped_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('received_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('commission_fen', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('is_gift', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('host', sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column('parcel', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('empty_parcel', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_index('ix_order_lines_excluded', ['excluded_by'], unique=False, **where_filled('excluded_by'))
        batch_op.create_index('ix_order_lines_livestream', ['livestream_id'], unique=False, **where_filled('livestream_id'))
        batch_op.create_index('ix_order_lines_shop_ordered', ['shop_id', 'ordered_at'], unique=False, sqlite_where=sa.text('paid_at IS NULL'), postgresql_where=sa.text('paid_at IS NULL'))
        batch_op.create_foreign_key(batch_op.f('fk_order_lines_livestream_id_livestreams'), 'livestreams', ['livestream_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_order_lines_excluded_by_anomalies'), 'anomalies', ['excluded_by'], ['id'])

    with op.batch_alter_table('shops', schema=None) as batch_op:
        batch_op.add_column(sa.Column('role', sa.Enum('own', 'host', name='shoprole', native_enum=False, length=32), server_default='own', nullable=False))
        batch_op.add_column(sa.Column('changed_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('reckoned_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True))
        batch_op.create_index('ix_shops_changed', ['changed_at'], unique=False)

    name_products(op.get_bind())
    move_staged_rows(op.get_bind())


def downgrade():
    refuse_to_lose()
    with op.batch_alter_table('cohort_metrics', schema=None) as batch_op:
        batch_op.drop_column('sales_trust')
    with op.batch_alter_table('shops', schema=None) as batch_op:
        batch_op.drop_index('ix_shops_changed')
        batch_op.drop_column('reckoned_at')
        batch_op.drop_column('changed_at')
        batch_op.drop_column('role')

    with op.batch_alter_table('order_lines', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_order_lines_excluded_by_anomalies'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_order_lines_livestream_id_livestreams'), type_='foreignkey')
        batch_op.drop_index('ix_order_lines_shop_ordered')
        batch_op.drop_index('ix_order_lines_livestream')
        batch_op.drop_index('ix_order_lines_excluded')
        batch_op.drop_column('empty_parcel')
        batch_op.drop_column('parcel')
        batch_op.drop_column('host')
        batch_op.drop_column('is_gift')
        batch_op.drop_column('commission_fen')
        batch_op.drop_column('received_at')
        batch_op.drop_column('shipped_at')
        batch_op.drop_column('sku')
        batch_op.drop_column('product_key')
        batch_op.drop_column('session_key')
        batch_op.drop_column('excluded_by')
        batch_op.drop_column('attribution')
        batch_op.drop_column('livestream_id')

    with op.batch_alter_table('livestreams', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_livestreams_excluded_by_anomalies'), type_='foreignkey')
        batch_op.drop_index('ix_livestreams_excluded')
        batch_op.drop_column('stated_buyer_rate_bp')
        batch_op.drop_column('stated_per_buyer_fen')
        batch_op.drop_column('stated_gpm_fen')
        batch_op.drop_column('ad_spend_fen')
        batch_op.drop_column('new_followers')
        batch_op.drop_column('product_clickers')
        batch_op.drop_column('product_exposed')
        batch_op.drop_column('avg_online')
        batch_op.drop_column('peak_online')
        batch_op.drop_column('views')
        batch_op.drop_column('items')
        batch_op.drop_column('buyers')
        batch_op.drop_column('gmv_measure')
        batch_op.drop_column('gmv_exact')
        batch_op.drop_column('ended_at')
        batch_op.drop_column('session_key')
        batch_op.drop_column('excluded_by')

    with op.batch_alter_table('sales_uploads', schema=None) as batch_op:
        batch_op.drop_index('ix_sales_uploads_state')
        batch_op.drop_index('ix_sales_uploads_shop')
        batch_op.drop_index(batch_op.f('ix_sales_uploads_bundle'))
        batch_op.drop_index(batch_op.f('ix_sales_uploads_batch_id'))

    op.drop_table('sales_uploads')
    with op.batch_alter_table('picture_twins', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_picture_twins_other_id'))

    op.drop_table('picture_twins')
    with op.batch_alter_table('sales_entries', schema=None) as batch_op:
        batch_op.drop_index('ix_sales_entries_state')
        batch_op.drop_index('ix_sales_entries_shop')
        batch_op.drop_index(batch_op.f('ix_sales_entries_livestream_id'))

    op.drop_table('sales_entries')
    with op.batch_alter_table('settlements', schema=None) as batch_op:
        batch_op.drop_index('ix_settlements_shop_settled')
        batch_op.drop_index('ix_settlements_order_key')
        batch_op.drop_index(batch_op.f('ix_settlements_batch_id'))

    op.drop_table('settlements')
    with op.batch_alter_table('settlement_versions', schema=None) as batch_op:
        batch_op.drop_index('ix_settlement_versions_key')

    op.drop_table('settlement_versions')
    with op.batch_alter_table('order_line_versions', schema=None) as batch_op:
        batch_op.drop_index('ix_order_line_versions_conflict')
        batch_op.drop_index('ix_order_line_versions_key')

    op.drop_table('order_line_versions')
    with op.batch_alter_table('livestream_versions', schema=None) as batch_op:
        batch_op.drop_index('ix_livestream_versions_key')

    op.drop_table('livestream_versions')
    with op.batch_alter_table('donation_pledges', schema=None) as batch_op:
        batch_op.drop_index('ix_donation_pledges_shop')
        batch_op.drop_index('ix_donation_pledges_fund')

    op.drop_table('donation_pledges')
    with op.batch_alter_table('donation_payments', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_donation_payments_shop_id'))
        batch_op.drop_index('ix_donation_payments_fund')

    op.drop_table('donation_payments')
    with op.batch_alter_table('anomaly_events', schema=None) as batch_op:
        batch_op.drop_index('ix_anomaly_events_anomaly')

    op.drop_table('anomaly_events')
    op.drop_table('shop_aliases')
    with op.batch_alter_table('sales_period_events', schema=None) as batch_op:
        batch_op.drop_index('ix_sales_period_events_period')

    op.drop_table('sales_period_events')
    with op.batch_alter_table('products', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_products_category'))

    op.drop_table('products')
    op.drop_table('donation_funds')
    op.drop_table('column_mappings')
    with op.batch_alter_table('anomalies', schema=None) as batch_op:
        batch_op.drop_index('ix_anomalies_state')

    op.drop_table('anomalies')
    with op.batch_alter_table('sales_periods', schema=None) as batch_op:
        batch_op.drop_index('ix_sales_periods_month')

    op.drop_table('sales_periods')
