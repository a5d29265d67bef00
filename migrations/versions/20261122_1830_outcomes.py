"""outcomes: questionnaires, follow-up, counties, and sums kept up from sales"""

from alembic import op
import sqlalchemy as sa
import trainer.models.types


revision = '0b5d46f5cddf'
down_revision = '5e2d46ea8d1a'
branch_labels = None
depends_on = None


# What the release before has no room for.
ONLY_HERE = (
    'survey_sheets', 'follow_ups', 'cohort_costs', 'paid_works', 'indicator_readings', 'mentor_postings',
)


def refuse_to_lose():
    counts = {name: f"SELECT count(*) FROM {name}" for name in ONLY_HERE}
    counts['days that files reach'] = "SELECT count(*) FROM import_batches WHERE reaches_on IS NOT NULL"
    counts['days and sources of targets'] = "SELECT count(*) FROM targets WHERE due_on IS NOT NULL OR source <> ''"
    held = [what for what, count in counts.items() if op.get_bind().exec_driver_sql(count).scalar()]
    if held:
        raise RuntimeError(f"The release before has no room for what is in {', '.join(held)}. Put its last backup back instead.")


def upgrade():
    op.create_table('cohort_outcomes',
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('changed_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('reckoned_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('as_of', sa.Date(), nullable=True),
    sa.Column('figures', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('difference', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('differed_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_cohort_outcomes_cohort_id_cohorts')),
    sa.PrimaryKeyConstraint('cohort_id', name=op.f('pk_cohort_outcomes'))
    )
    with op.batch_alter_table('cohort_outcomes', schema=None) as batch_op:
        batch_op.create_index('ix_cohort_outcomes_changed', ['changed_at'], unique=False)

    op.create_table('enrolment_outcomes',
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('attendance_bp', sa.Integer(), nullable=True),
    sa.Column('completed_on', sa.Date(), nullable=True),
    sa.Column('reach_on', sa.Date(), nullable=True),
    sa.Column('stages', sa.JSON(), nullable=False),
    sa.Column('activity', sa.JSON(), nullable=False),
    sa.Column('sources', sa.JSON(), nullable=False),
    sa.Column('paid_90_fen', sa.BigInteger(), nullable=False),
    sa.Column('refunded_90_fen', sa.BigInteger(), nullable=False),
    sa.Column('net_90_fen', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_enrolment_outcomes_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolments.id'], name=op.f('fk_enrolment_outcomes_enrolment_id_enrolments')),
    sa.PrimaryKeyConstraint('enrolment_id', name=op.f('pk_enrolment_outcomes'))
    )
    with op.batch_alter_table('enrolment_outcomes', schema=None) as batch_op:
        batch_op.create_index('ix_enrolment_outcomes_cohort', ['cohort_id'], unique=False)

    op.create_table('follow_ups',
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('call', 'visit', name='followupkind', native_enum=False, length=32), nullable=False),
    sa.Column('purpose', sa.Enum('survey', 'sales_data', 'advice', 'problem', 'other', name='followuppurpose', native_enum=False, length=32), nullable=False),
    sa.Column('outcome', sa.Enum('spoken', 'call_again', 'not_reached', 'wrong_number', name='followupoutcome', native_enum=False, length=32), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('broadcasts_still', sa.Boolean(), nullable=True),
    sa.Column('words', trainer.models.types.EncryptedText(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('nonce', sa.String(length=64), nullable=False),
    sa.Column('at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.Column('taken_back_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('taken_back_by', sa.Integer(), nullable=True),
    sa.Column('taken_back_because', trainer.models.types.EncryptedText(), nullable=True),
    sa.CheckConstraint('minutes > 0', name=op.f('ck_follow_ups_minutes')),
    sa.ForeignKeyConstraint(['by'], ['accounts.id'], name=op.f('fk_follow_ups_by_accounts')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolments.id'], name=op.f('fk_follow_ups_enrolment_id_enrolments')),
    sa.ForeignKeyConstraint(['taken_back_by'], ['accounts.id'], name=op.f('fk_follow_ups_taken_back_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_follow_ups')),
    sa.UniqueConstraint('nonce', name=op.f('uq_follow_ups_nonce'))
    )
    with op.batch_alter_table('follow_ups', schema=None) as batch_op:
        batch_op.create_index('ix_follow_ups_enrolment', ['enrolment_id', 'day'], unique=False)

    op.create_table('mentor_postings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('region_code', sa.String(length=6), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('organisation', sa.String(length=120), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('plan', sa.Text(), nullable=False),
    sa.Column('planned_visits', sa.Integer(), nullable=False),
    sa.Column('created_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('ended_because', sa.String(length=300), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_mentor_postings_dates')),
    sa.CheckConstraint('planned_visits > 0', name=op.f('ck_mentor_postings_visits')),
    sa.ForeignKeyConstraint(['created_by'], ['accounts.id'], name=op.f('fk_mentor_postings_created_by_accounts')),
    sa.ForeignKeyConstraint(['programme_id'], ['programmes.id'], name=op.f('fk_mentor_postings_programme_id_programmes')),
    sa.ForeignKeyConstraint(['region_code'], ['regions.code'], name=op.f('fk_mentor_postings_region_code_regions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mentor_postings'))
    )
    with op.batch_alter_table('mentor_postings', schema=None) as batch_op:
        batch_op.create_index('ix_mentor_postings_programme', ['programme_id', 'region_code'], unique=False)

    op.create_table('product_days',
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('product_key', sa.String(length=80), nullable=False),
    sa.Column('paid_fen', sa.BigInteger(), nullable=False),
    sa.Column('refunded_fen', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_product_days_shop_id_shops')),
    sa.PrimaryKeyConstraint('shop_id', 'day', 'product_key', name=op.f('pk_product_days'))
    )
    op.create_table('shop_days',
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('orders', sa.Integer(), nullable=False),
    sa.Column('paid_fen', sa.BigInteger(), nullable=False),
    sa.Column('refunded_fen', sa.BigInteger(), nullable=False),
    sa.Column('firm_paid_fen', sa.BigInteger(), nullable=False),
    sa.Column('firm_refunded_fen', sa.BigInteger(), nullable=False),
    sa.Column('commission_fen', sa.BigInteger(), nullable=False),
    sa.Column('firm_commission_fen', sa.BigInteger(), nullable=False),
    sa.Column('order_settled_fen', sa.BigInteger(), nullable=False),
    sa.Column('flow_settled_fen', sa.BigInteger(), nullable=False),
    sa.Column('broadcasts', sa.Integer(), nullable=False),
    sa.Column('typed_broadcasts', sa.Integer(), nullable=False),
    sa.Column('qualifying', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shops.id'], name=op.f('fk_shop_days_shop_id_shops')),
    sa.PrimaryKeyConstraint('shop_id', 'day', name=op.f('pk_shop_days'))
    )
    op.create_table('survey_sheets',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('wave', sa.Enum('baseline', 'day_30', 'day_60', 'day_90', 'day_180', 'day_365', name='wave', native_enum=False, length=32), nullable=False),
    sa.Column('state', sa.Enum('open', 'entered', 'answered', 'declined', name='sheetstate', native_enum=False, length=32), nullable=False),
    sa.Column('mode', sa.Enum('herself', 'phone', 'paper', name='surveymode', native_enum=False, length=32), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('opened_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('answered_on', sa.Date(), nullable=True),
    sa.Column('answered_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('entry', sa.Integer(), nullable=False),
    sa.Column('entered_by', sa.Integer(), nullable=True),
    sa.Column('checked_by', sa.Integer(), nullable=True),
    sa.Column('caller_id', sa.Integer(), nullable=True),
    sa.Column('reminders', sa.Integer(), nullable=False),
    sa.Column('reminded_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('reason', trainer.models.types.EncryptedText(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state NOT IN ('answered', 'entered') OR answered_on IS NOT NULL", name=op.f('ck_survey_sheets_dated')),
    sa.CheckConstraint('checked_by IS NULL OR checked_by <> entered_by', name=op.f('ck_survey_sheets_two_people')),
    sa.ForeignKeyConstraint(['caller_id'], ['accounts.id'], name=op.f('fk_survey_sheets_caller_id_accounts')),
    sa.ForeignKeyConstraint(['checked_by'], ['accounts.id'], name=op.f('fk_survey_sheets_checked_by_accounts')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolments.id'], name=op.f('fk_survey_sheets_enrolment_id_enrolments')),
    sa.ForeignKeyConstraint(['entered_by'], ['accounts.id'], name=op.f('fk_survey_sheets_entered_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_sheets')),
    sa.UniqueConstraint('enrolment_id', 'wave', name=op.f('uq_survey_sheets_enrolment_id_wave'))
    )
    with op.batch_alter_table('survey_sheets', schema=None) as batch_op:
        batch_op.create_index('ix_survey_sheets_caller', ['caller_id', 'state'], unique=False)
        batch_op.create_index('ix_survey_sheets_state', ['state', 'due_on'], unique=False)

    op.create_table('cohort_costs',
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('instructors', 'venue', 'meals', 'lodging', 'travel', 'materials', 'equipment', 'staff', 'follow_up', 'other', name='costkind', native_enum=False, length=32), nullable=False),
    sa.Column('amount_fen', sa.BigInteger(), nullable=False),
    sa.Column('spent_on', sa.Date(), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('evidence_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('nonce', sa.String(length=64), nullable=False),
    sa.Column('at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.Column('taken_back_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('taken_back_by', sa.Integer(), nullable=True),
    sa.Column('taken_back_because', trainer.models.types.EncryptedText(), nullable=True),
    sa.CheckConstraint('amount_fen > 0', name=op.f('ck_cohort_costs_amount')),
    sa.ForeignKeyConstraint(['by'], ['accounts.id'], name=op.f('fk_cohort_costs_by_accounts')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_cohort_costs_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['evidence_id'], ['stored_files.id'], name=op.f('fk_cohort_costs_evidence_id_stored_files')),
    sa.ForeignKeyConstraint(['taken_back_by'], ['accounts.id'], name=op.f('fk_cohort_costs_taken_back_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cohort_costs')),
    sa.UniqueConstraint('nonce', name=op.f('uq_cohort_costs_nonce'))
    )
    with op.batch_alter_table('cohort_costs', schema=None) as batch_op:
        batch_op.create_index('ix_cohort_costs_cohort', ['cohort_id', 'spent_on'], unique=False)

    op.create_table('indicator_readings',
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('region_code', sa.String(length=6), nullable=False),
    sa.Column('kind', sa.Enum('purchase_price', 'logistics_points', 'practitioners', 'households', name='indicatorkind', native_enum=False, length=32), nullable=False),
    sa.Column('subject', sa.String(length=60), nullable=False),
    sa.Column('unit', sa.String(length=20), nullable=False),
    sa.Column('value_hundredths', sa.BigInteger(), nullable=False),
    sa.Column('measured_on', sa.Date(), nullable=False),
    sa.Column('source', sa.String(length=300), nullable=False),
    sa.Column('evidence_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('nonce', sa.String(length=64), nullable=False),
    sa.Column('at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.Column('taken_back_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('taken_back_by', sa.Integer(), nullable=True),
    sa.Column('taken_back_because', trainer.models.types.EncryptedText(), nullable=True),
    sa.CheckConstraint('value_hundredths >= 0', name=op.f('ck_indicator_readings_value')),
    sa.ForeignKeyConstraint(['by'], ['accounts.id'], name=op.f('fk_indicator_readings_by_accounts')),
    sa.ForeignKeyConstraint(['evidence_id'], ['stored_files.id'], name=op.f('fk_indicator_readings_evidence_id_stored_files')),
    sa.ForeignKeyConstraint(['programme_id'], ['programmes.id'], name=op.f('fk_indicator_readings_programme_id_programmes')),
    sa.ForeignKeyConstraint(['region_code'], ['regions.code'], name=op.f('fk_indicator_readings_region_code_regions')),
    sa.ForeignKeyConstraint(['taken_back_by'], ['accounts.id'], name=op.f('fk_indicator_readings_taken_back_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_indicator_readings')),
    sa.UniqueConstraint('nonce', name=op.f('uq_indicator_readings_nonce'))
    )
    with op.batch_alter_table('indicator_readings', schema=None) as batch_op:
        batch_op.create_index('ix_indicator_readings_series', ['programme_id', 'region_code', 'kind', 'subject', 'measured_on'], unique=False)

    op.create_table('mentor_visits',
    sa.Column('posting_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('place', sa.String(length=120), nullable=False),
    sa.Column('women', sa.Integer(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('evidence_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('nonce', sa.String(length=64), nullable=False),
    sa.Column('at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.Column('taken_back_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('taken_back_by', sa.Integer(), nullable=True),
    sa.Column('taken_back_because', trainer.models.types.EncryptedText(), nullable=True),
    sa.CheckConstraint('minutes > 0', name=op.f('ck_mentor_visits_minutes')),
    sa.CheckConstraint('women >= 0', name=op.f('ck_mentor_visits_women')),
    sa.ForeignKeyConstraint(['by'], ['accounts.id'], name=op.f('fk_mentor_visits_by_accounts')),
    sa.ForeignKeyConstraint(['evidence_id'], ['stored_files.id'], name=op.f('fk_mentor_visits_evidence_id_stored_files')),
    sa.ForeignKeyConstraint(['posting_id'], ['mentor_postings.id'], name=op.f('fk_mentor_visits_posting_id_mentor_postings')),
    sa.ForeignKeyConstraint(['taken_back_by'], ['accounts.id'], name=op.f('fk_mentor_visits_taken_back_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mentor_visits')),
    sa.UniqueConstraint('nonce', name=op.f('uq_mentor_visits_nonce'))
    )
    with op.batch_alter_table('mentor_visits', schema=None) as batch_op:
        batch_op.create_index('ix_mentor_visits_posting', ['posting_id', 'day'], unique=False)

    op.create_table('paid_works',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('worker', trainer.models.types.EncryptedText(), nullable=False),
    sa.Column('is_woman', sa.Boolean(), nullable=False),
    sa.Column('is_seasonal', sa.Boolean(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=False),
    sa.Column('paid_days', sa.Integer(), nullable=False),
    sa.Column('evidence_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('nonce', sa.String(length=64), nullable=False),
    sa.Column('at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.Column('taken_back_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('taken_back_by', sa.Integer(), nullable=True),
    sa.Column('taken_back_because', trainer.models.types.EncryptedText(), nullable=True),
    sa.CheckConstraint('paid_days > 0', name=op.f('ck_paid_works_days')),
    sa.CheckConstraint('until_on >= from_on', name=op.f('ck_paid_works_dates')),
    sa.ForeignKeyConstraint(['by'], ['accounts.id'], name=op.f('fk_paid_works_by_accounts')),
    sa.ForeignKeyConstraint(['evidence_id'], ['stored_files.id'], name=op.f('fk_paid_works_evidence_id_stored_files')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_paid_works_person_id_people')),
    sa.ForeignKeyConstraint(['taken_back_by'], ['accounts.id'], name=op.f('fk_paid_works_taken_back_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paid_works')),
    sa.UniqueConstraint('nonce', name=op.f('uq_paid_works_nonce'))
    )
    with op.batch_alter_table('paid_works', schema=None) as batch_op:
        batch_op.create_index('ix_paid_works_person', ['person_id', 'from_on'], unique=False)

    op.create_table('survey_answers',
    sa.Column('sheet_id', sa.Integer(), nullable=False),
    sa.Column('question', sa.String(length=30), nullable=False),
    sa.Column('entry', sa.Integer(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=True),
    sa.Column('choices', sa.String(length=200), nullable=True),
    sa.Column('declined', sa.Boolean(), nullable=False),
    sa.Column('at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by'], ['accounts.id'], name=op.f('fk_survey_answers_by_accounts')),
    sa.ForeignKeyConstraint(['sheet_id'], ['survey_sheets.id'], name=op.f('fk_survey_answers_sheet_id_survey_sheets')),
    sa.PrimaryKeyConstraint('sheet_id', 'question', 'entry', name=op.f('pk_survey_answers'))
    )
    with op.batch_alter_table('import_batches', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reaches_on', sa.Date(), nullable=True))

    with op.batch_alter_table('targets', schema=None) as batch_op:
        batch_op.add_column(sa.Column('due_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('source', sa.String(length=200), server_default='', nullable=False))

    # The sums of shops that have sales are reckoned within a minute of the start.
    op.execute("UPDATE shops SET changed_at = coalesce(changed_at, created_at), reckoned_at = NULL")


def downgrade():
    refuse_to_lose()
    with op.batch_alter_table('targets', schema=None) as batch_op:
        batch_op.drop_column('source')
        batch_op.drop_column('due_on')

    with op.batch_alter_table('import_batches', schema=None) as batch_op:
        batch_op.drop_column('reaches_on')

    op.drop_table('survey_answers')
    with op.batch_alter_table('paid_works', schema=None) as batch_op:
        batch_op.drop_index('ix_paid_works_person')

    op.drop_table('paid_works')
    with op.batch_alter_table('mentor_visits', schema=None) as batch_op:
        batch_op.drop_index('ix_mentor_visits_posting')

    op.drop_table('mentor_visits')
    with op.batch_alter_table('indicator_readings', schema=None) as batch_op:
        batch_op.drop_index('ix_indicator_readings_series')

    op.drop_table('indicator_readings')
    with op.batch_alter_table('cohort_costs', schema=None) as batch_op:
        batch_op.drop_index('ix_cohort_costs_cohort')

    op.drop_table('cohort_costs')
    with op.batch_alter_table('survey_sheets', schema=None) as batch_op:
        batch_op.drop_index('ix_survey_sheets_state')
        batch_op.drop_index('ix_survey_sheets_caller')

    op.drop_table('survey_sheets')
    op.drop_table('shop_days')
    op.drop_table('product_days')
    with op.batch_alter_table('mentor_postings', schema=None) as batch_op:
        batch_op.drop_index('ix_mentor_postings_programme')

    op.drop_table('mentor_postings')
    with op.batch_alter_table('follow_ups', schema=None) as batch_op:
        batch_op.drop_index('ix_follow_ups_enrolment')

    op.drop_table('follow_ups')
    with op.batch_alter_table('enrolment_outcomes', schema=None) as batch_op:
        batch_op.drop_index('ix_enrolment_outcomes_cohort')

    op.drop_table('enrolment_outcomes')
    with op.batch_alter_table('cohort_outcomes', schema=None) as batch_op:
        batch_op.drop_index('ix_cohort_outcomes_changed')

    op.drop_table('cohort_outcomes')
