"""selection: panels, conflicts, rules, rounds in a chain"""

from alembic import op
import sqlalchemy as sa
import trainer.models.types


revision = 'b8419c14aa8c'
down_revision = '0b5d46f5cddf'
branch_labels = None
depends_on = None


# What the release before has no room for.
ONLY_HERE = (
    'conflicts', 'field_visits', 'referrals', 'round_tables', 'reopen_requests', 'quotas', 'paper_entries',
    'calibration_files', 'application_files',
)


def refuse_to_lose():
    counts = {name: f"SELECT count(*) FROM {name}" for name in ONLY_HERE}
    counts['rules that evaluators do not judge'] = (
        "SELECT count(*) FROM criteria WHERE kind NOT IN ('judged', 'weighted', 'percentile')"
    )
    counts['rules of other figures'] = (
        "SELECT count(*) FROM criteria WHERE (kind = 'weighted' AND CAST(rule AS TEXT) NOT LIKE '%attendance_rate%') "
        "OR (kind = 'percentile' AND CAST(rule AS TEXT) NOT LIKE '%net_sales_fen%')"
    )
    counts['further rounds'] = "SELECT count(*) FROM rounds WHERE number > 1"
    counts['applications begun'] = "SELECT count(*) FROM applications WHERE code IS NULL OR state IN ('draft', 'referred')"
    held = [what for what, count in counts.items() if op.get_bind().execute(sa.text(count)).scalar()]
    if held:
        raise RuntimeError(f"The release before has no room for what is in {', '.join(held)}. Put its last backup back instead.")


def carry_over():
    """Rounds had one rubric, one line, all candidates of the selection, and two kinds of computed criteria."""
    run = op.get_bind().exec_driver_sql
    run("UPDATE rounds SET advances = (SELECT seats FROM selections WHERE selections.id = rounds.selection_id)")
    run("UPDATE rounds SET state = 'frozen', frozen_at = closed_at WHERE state = 'closed'")
    run("UPDATE ranking_runs SET frozen_at = created_at, frozen_by = created_by")
    run("UPDATE ranking_rows SET raw_total_hundredths = total_hundredths")
    run("UPDATE applications SET submitted_at = created_at")
    run("UPDATE applications SET blind_plan = plan, blinded_at = created_at WHERE plan <> ''")
    run("INSERT INTO candidacies (round_id, application_id, origin, reason, at) "
        "SELECT rounds.id, applications.id, 'applied', '', applications.created_at "
        "FROM applications JOIN rounds ON rounds.selection_id = applications.selection_id")
    run("INSERT INTO application_events (application_id, state, at, reason) "
        "SELECT id, state, created_at, '' FROM applications")
    run("INSERT INTO panel_seats (round_id, account_id, state, invited_at, answered_at, declared_at, reason, version) "
        "SELECT DISTINCT assignments.round_id, assignments.account_id, 'accepted', s.created_at, s.created_at, "
        "s.created_at, '', 1 FROM assignments JOIN rounds r ON r.id = assignments.round_id "
        "JOIN selections s ON s.id = r.selection_id")
    criteria = sa.table('criteria', sa.column('kind', sa.String), sa.column('rule', sa.JSON))
    for kind, now, rule in FIRST_KINDS:
        op.execute(criteria.update().where(criteria.c.kind == kind).values(kind=now, rule=rule))


FIRST_KINDS = (
    ('attendance_rate', 'weighted', {'field': 'attendance_rate', 'of': 100}),
    ('net_sales', 'percentile', {'field': 'net_sales_fen'}),
)


def carry_back():
    run = op.get_bind().exec_driver_sql
    for kind, now, _rule in FIRST_KINDS:
        run(f"UPDATE criteria SET kind = '{kind}', code = '{kind}' WHERE kind = '{now}'")
    run("UPDATE rounds SET state = 'closed' WHERE state = 'frozen'")
    old = "SELECT id FROM rubrics WHERE superseded_at IS NOT NULL"
    run(f"DELETE FROM criterion_levels WHERE criterion_id IN (SELECT id FROM criteria WHERE rubric_id IN ({old}))")
    run(f"DELETE FROM criteria WHERE rubric_id IN ({old})")
    run("DELETE FROM rubrics WHERE superseded_at IS NOT NULL")


def upgrade():
    op.create_table('calibration_files',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('levels', sa.JSON(), nullable=False),
    sa.Column('words', sa.String(length=400), nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_calibration_files_round_id_rounds')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calibration_files')),
    sa.UniqueConstraint('round_id', 'position', name=op.f('uq_calibration_files_round_id_position'))
    )
    op.create_table('panel_seats',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('invited', 'accepted', 'declined', 'removed', name='seatstate', native_enum=False, length=32), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=True),
    sa.Column('invited_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('invited_by', sa.Integer(), nullable=True),
    sa.Column('expires_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('answered_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('max_load', sa.Integer(), nullable=True),
    sa.Column('region_code', sa.String(length=6), nullable=True),
    sa.Column('village', sa.String(length=60), nullable=True),
    sa.Column('declared_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('max_load IS NULL OR max_load > 0', name=op.f('ck_panel_seats_load')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_panel_seats_account_id_accounts')),
    sa.ForeignKeyConstraint(['invited_by'], ['accounts.id'], name=op.f('fk_panel_seats_invited_by_accounts')),
    sa.ForeignKeyConstraint(['region_code'], ['regions.code'], name=op.f('fk_panel_seats_region_code_regions')),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_panel_seats_round_id_rounds')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_panel_seats')),
    sa.UniqueConstraint('round_id', 'account_id', name=op.f('uq_panel_seats_round_id_account_id')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_panel_seats_token_hash'))
    )
    with op.batch_alter_table('panel_seats', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_panel_seats_account_id'), ['account_id'], unique=False)

    op.create_table('quotas',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('attribute', sa.Enum('county', 'cohort', 'business', name='quotaattribute', native_enum=False, length=32), nullable=False),
    sa.Column('value', sa.String(length=60), nullable=False),
    sa.Column('at_least', sa.Integer(), nullable=True),
    sa.Column('at_most', sa.Integer(), nullable=True),
    sa.Column('basis', sa.String(length=200), nullable=False),
    sa.CheckConstraint('at_least IS NOT NULL OR at_most IS NOT NULL', name=op.f('ck_quotas_limited')),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_quotas_round_id_rounds')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quotas')),
    sa.UniqueConstraint('round_id', 'attribute', 'value', name=op.f('uq_quotas_round_id_attribute_value'))
    )
    op.create_table('reopen_requests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=False),
    sa.Column('asked_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('answered_by', sa.Integer(), nullable=True),
    sa.Column('answered_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('granted', sa.Boolean(), nullable=True),
    sa.Column('answer', sa.String(length=200), nullable=False),
    sa.CheckConstraint('answered_by IS NULL OR answered_by <> asked_by', name=op.f('ck_reopen_requests_two_people')),
    sa.ForeignKeyConstraint(['answered_by'], ['accounts.id'], name=op.f('fk_reopen_requests_answered_by_accounts')),
    sa.ForeignKeyConstraint(['asked_by'], ['accounts.id'], name=op.f('fk_reopen_requests_asked_by_accounts')),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_reopen_requests_round_id_rounds')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reopen_requests'))
    )
    with op.batch_alter_table('reopen_requests', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reopen_requests_round_id'), ['round_id'], unique=False)
        batch_op.create_index('ux_reopen_requests_open', ['round_id'], unique=True, sqlite_where=sa.text('answered_at IS NULL'), postgresql_where=sa.text('answered_at IS NULL'))

    op.create_table('round_tables',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('columns', sa.JSON(), nullable=False),
    sa.Column('cells', sa.JSON(), nullable=False),
    sa.Column('uploaded_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('uploaded_by', sa.Integer(), nullable=True),
    sa.Column('superseded_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_round_tables_round_id_rounds')),
    sa.ForeignKeyConstraint(['uploaded_by'], ['accounts.id'], name=op.f('fk_round_tables_uploaded_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_round_tables'))
    )
    with op.batch_alter_table('round_tables', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_round_tables_round_id'), ['round_id'], unique=False)
        batch_op.create_index('ux_round_tables_current', ['round_id'], unique=True, sqlite_where=sa.text('superseded_at IS NULL'), postgresql_where=sa.text('superseded_at IS NULL'))

    op.create_table('visit_questions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('words', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.Enum('yes_no', 'number', 'words', name='factkind', native_enum=False, length=32), nullable=False),
    sa.Column('is_veto', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_visit_questions_round_id_rounds')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit_questions')),
    sa.UniqueConstraint('round_id', 'position', name=op.f('uq_visit_questions_round_id_position'))
    )
    op.create_table('application_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('draft', 'submitted', 'referred', 'withdrawn', name='applicationstate', native_enum=False, length=32), nullable=False),
    sa.Column('at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['applications.id'], name=op.f('fk_application_events_application_id_applications')),
    sa.ForeignKeyConstraint(['by'], ['accounts.id'], name=op.f('fk_application_events_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_application_events'))
    )
    with op.batch_alter_table('application_events', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_application_events_application_id'), ['application_id'], unique=False)

    op.create_table('application_files',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('words', sa.String(length=80), nullable=False),
    sa.Column('is_blind', sa.Boolean(), nullable=False),
    sa.Column('added_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('added_by', sa.Integer(), nullable=True),
    sa.Column('removed_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['added_by'], ['accounts.id'], name=op.f('fk_application_files_added_by_accounts')),
    sa.ForeignKeyConstraint(['application_id'], ['applications.id'], name=op.f('fk_application_files_application_id_applications')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_files.id'], name=op.f('fk_application_files_file_id_stored_files')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_application_files')),
    sa.UniqueConstraint('application_id', 'position', name=op.f('uq_application_files_application_id_position'))
    )
    op.create_table('calibration_sheets',
    sa.Column('calibration_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('levels', sa.JSON(), nullable=False),
    sa.Column('at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_calibration_sheets_account_id_accounts')),
    sa.ForeignKeyConstraint(['calibration_id'], ['calibration_files.id'], name=op.f('fk_calibration_sheets_calibration_id_calibration_files')),
    sa.PrimaryKeyConstraint('calibration_id', 'account_id', name=op.f('pk_calibration_sheets'))
    )
    with op.batch_alter_table('calibration_sheets', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_calibration_sheets_account_id'), ['account_id'], unique=False)

    op.create_table('candidacies',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('origin', sa.Enum('applied', 'advanced', 'named', name='candidacyorigin', native_enum=False, length=32), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['applications.id'], name=op.f('fk_candidacies_application_id_applications')),
    sa.ForeignKeyConstraint(['by'], ['accounts.id'], name=op.f('fk_candidacies_by_accounts')),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_candidacies_round_id_rounds')),
    sa.PrimaryKeyConstraint('round_id', 'application_id', name=op.f('pk_candidacies'))
    )
    with op.batch_alter_table('candidacies', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_candidacies_application_id'), ['application_id'], unique=False)

    op.create_table('conflicts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.Enum('family', 'financial', 'employer', 'mentor_or_trainer', 'same_village', 'supplier_buyer', 'other', name='conflictkind', native_enum=False, length=32), nullable=False),
    sa.Column('source', sa.Enum('self', 'applicant', 'staff', 'detected', name='conflictsource', native_enum=False, length=32), nullable=False),
    sa.Column('state', sa.Enum('raised', 'disputed', 'upheld', 'rejected', name='conflictstate', native_enum=False, length=32), nullable=False),
    sa.Column('words', sa.String(length=200), nullable=False),
    sa.Column('raised_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('raised_by', sa.Integer(), nullable=True),
    sa.Column('dispute', sa.String(length=200), nullable=False),
    sa.Column('disputed_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('decision', sa.String(length=200), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('decided_by IS NULL OR raised_by IS NULL OR decided_by <> raised_by', name=op.f('ck_conflicts_two_people')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_conflicts_account_id_accounts')),
    sa.ForeignKeyConstraint(['application_id'], ['applications.id'], name=op.f('fk_conflicts_application_id_applications')),
    sa.ForeignKeyConstraint(['decided_by'], ['accounts.id'], name=op.f('fk_conflicts_decided_by_accounts')),
    sa.ForeignKeyConstraint(['raised_by'], ['accounts.id'], name=op.f('fk_conflicts_raised_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conflicts'))
    )
    with op.batch_alter_table('conflicts', schema=None) as batch_op:
        batch_op.create_index('ix_conflicts_account', ['account_id', 'state'], unique=False)
        batch_op.create_index('ix_conflicts_pair', ['application_id', 'account_id', 'state'], unique=False)

    op.create_table('field_visits',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('planned_on', sa.Date(), nullable=True),
    sa.Column('words', sa.String(length=200), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['applications.id'], name=op.f('fk_field_visits_application_id_applications')),
    sa.ForeignKeyConstraint(['round_id'], ['rounds.id'], name=op.f('fk_field_visits_round_id_rounds')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_field_visits')),
    sa.UniqueConstraint('round_id', 'application_id', name=op.f('uq_field_visits_round_id_application_id'))
    )
    with op.batch_alter_table('field_visits', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_field_visits_application_id'), ['application_id'], unique=False)

    op.create_table('referrals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('next_course', 'practice', 'microloan', 'mentor', 'shop_help', 'other_body', name='referralkind', native_enum=False, length=32), nullable=False),
    sa.Column('to_whom', sa.String(length=120), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.Column('outcome', sa.String(length=200), nullable=False),
    sa.Column('outcome_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['applications.id'], name=op.f('fk_referrals_application_id_applications')),
    sa.ForeignKeyConstraint(['by'], ['accounts.id'], name=op.f('fk_referrals_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referrals'))
    )
    with op.batch_alter_table('referrals', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_referrals_application_id'), ['application_id'], unique=False)

    op.create_table('paper_entries',
    sa.Column('assignment_id', sa.Integer(), nullable=False),
    sa.Column('entry', sa.Integer(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('entered_by', sa.Integer(), nullable=False),
    sa.Column('entered_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('entry IN (1, 2)', name=op.f('ck_paper_entries_entry')),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignments.id'], name=op.f('fk_paper_entries_assignment_id_assignments')),
    sa.ForeignKeyConstraint(['entered_by'], ['accounts.id'], name=op.f('fk_paper_entries_entered_by_accounts')),
    sa.PrimaryKeyConstraint('assignment_id', 'entry', name=op.f('pk_paper_entries')),
    sa.UniqueConstraint('assignment_id', 'entered_by', name=op.f('uq_paper_entries_assignment_id_entered_by'))
    )
    op.create_table('visit_facts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('visit_id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('source', sa.Enum('visitor', 'settled', name='factsource', native_enum=False, length=32), nullable=False),
    sa.Column('value', sa.String(length=200), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('found_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('received_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('nonce', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_visit_facts_account_id_accounts')),
    sa.ForeignKeyConstraint(['question_id'], ['visit_questions.id'], name=op.f('fk_visit_facts_question_id_visit_questions')),
    sa.ForeignKeyConstraint(['visit_id'], ['field_visits.id'], name=op.f('fk_visit_facts_visit_id_field_visits')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit_facts')),
    sa.UniqueConstraint('nonce', name=op.f('uq_visit_facts_nonce'))
    )
    with op.batch_alter_table('visit_facts', schema=None) as batch_op:
        batch_op.create_index('ix_visit_facts_visit', ['visit_id', 'question_id'], unique=False)

    op.create_table('visit_pictures',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('visit_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('words', sa.String(length=80), nullable=False),
    sa.Column('taken_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('nonce', sa.String(length=36), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_visit_pictures_account_id_accounts')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_files.id'], name=op.f('fk_visit_pictures_file_id_stored_files')),
    sa.ForeignKeyConstraint(['visit_id'], ['field_visits.id'], name=op.f('fk_visit_pictures_visit_id_field_visits')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit_pictures')),
    sa.UniqueConstraint('nonce', name=op.f('uq_visit_pictures_nonce'))
    )
    with op.batch_alter_table('visit_pictures', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_visit_pictures_visit_id'), ['visit_id'], unique=False)

    op.create_table('visit_stays',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('visit_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('arrived_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('latitude', sa.Float(), nullable=True),
    sa.Column('longitude', sa.Float(), nullable=True),
    sa.Column('accuracy_m', sa.Integer(), nullable=True),
    sa.Column('signed_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('nonce', sa.String(length=36), nullable=False),
    sa.CheckConstraint('(latitude IS NULL) = (longitude IS NULL)', name=op.f('ck_visit_stays_place')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_visit_stays_account_id_accounts')),
    sa.ForeignKeyConstraint(['visit_id'], ['field_visits.id'], name=op.f('fk_visit_stays_visit_id_field_visits')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit_stays')),
    sa.UniqueConstraint('nonce', name=op.f('uq_visit_stays_nonce')),
    sa.UniqueConstraint('visit_id', 'account_id', name=op.f('uq_visit_stays_visit_id_account_id'))
    )
    with op.batch_alter_table('applications', schema=None) as batch_op:
        batch_op.add_column(sa.Column('title', sa.String(length=80), nullable=False, server_default=""))
        batch_op.add_column(sa.Column('amount_fen', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('uses', sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column('blind_title', sa.String(length=80), nullable=False, server_default=""))
        batch_op.add_column(sa.Column('blind_plan', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('blind_uses', sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column('blinded_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('blinded_by', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('created_by', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('submitted_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True))
        batch_op.alter_column('code',
               existing_type=sa.VARCHAR(length=12),
               nullable=True)
        batch_op.create_foreign_key(batch_op.f('fk_applications_blinded_by_accounts'), 'accounts', ['blinded_by'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_applications_created_by_accounts'), 'accounts', ['created_by'], ['id'])

        batch_op.create_check_constraint(batch_op.f('ck_applications_coded'), "state IN ('draft', 'withdrawn') OR code IS NOT NULL")
        batch_op.create_check_constraint(batch_op.f('ck_applications_amount'), 'amount_fen IS NULL OR amount_fen > 0')

    with op.batch_alter_table('assignments', schema=None) as batch_op:
        batch_op.add_column(sa.Column('origin', sa.Enum('auto', 'anchor', 'manual', 'adaptive', 'third_reader', 'replacement', name='assignmentorigin', native_enum=False, length=32), nullable=False, server_default="auto"))
        batch_op.add_column(sa.Column('wave', sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column('reason', sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column('created_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('created_by', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('withdrawn_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('withdrawn_reason', sa.String(length=200), nullable=False, server_default=""))
        batch_op.create_foreign_key(batch_op.f('fk_assignments_created_by_accounts'), 'accounts', ['created_by'], ['id'])

    with op.batch_alter_table('criteria', schema=None) as batch_op:
        batch_op.add_column(sa.Column('rule', sa.JSON(), nullable=False, server_default="{}"))

    with op.batch_alter_table('ranking_rows', schema=None) as batch_op:
        batch_op.add_column(sa.Column('huber_hundredths', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('raw_total_hundredths', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('adjusted_total_hundredths', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('se_hundredths', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('rank_low', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('rank_high', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('p_seat_bp', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('weight_seat_bp', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('bonus_hundredths', sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column('vetoes', sa.JSON(), nullable=False, server_default="[]"))

    with op.batch_alter_table('ranking_runs', schema=None) as batch_op:
        batch_op.add_column(sa.Column('frozen_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('frozen_by', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('figures', sa.JSON(), nullable=False, server_default="{}"))
        batch_op.create_foreign_key(batch_op.f('fk_ranking_runs_frozen_by_accounts'), 'accounts', ['frozen_by'], ['id'])

    with op.batch_alter_table('review_versions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('abstentions', sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column('confidence', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('recommendation', sa.Enum('support', 'support_with_changes', 'not_now', name='recommendation', native_enum=False, length=32), nullable=True))
        batch_op.add_column(sa.Column('source', sa.Enum('screen', 'paper', name='sheetsource', native_enum=False, length=32), nullable=False, server_default="screen"))
        batch_op.add_column(sa.Column('sha256', sa.String(length=64), nullable=True))

        batch_op.create_check_constraint(batch_op.f('ck_review_versions_confidence'), 'confidence IS NULL OR confidence BETWEEN 1 AND 3')

    with op.batch_alter_table('rounds', schema=None) as batch_op:
        batch_op.add_column(sa.Column('advances', sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column('ranked_by', sa.Enum('raw', 'adjusted', name='rankedby', native_enum=False, length=32), nullable=False, server_default="raw"))
        batch_op.add_column(sa.Column('aggregate', sa.Enum('mean', 'median', 'drop_extremes', name='aggregate', native_enum=False, length=32), nullable=False, server_default="mean"))
        batch_op.add_column(sa.Column('blind', sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column('seed', sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column('cross_share_bp', sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column('anchors', sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column('closes_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('wave', sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column('first_open_wave', sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column('frozen_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True))

        batch_op.create_check_constraint(batch_op.f('ck_rounds_advances'), 'advances > 0')
        batch_op.create_check_constraint(batch_op.f('ck_rounds_waves'), 'first_open_wave BETWEEN 1 AND wave')
        batch_op.create_check_constraint(batch_op.f('ck_rounds_cross_share'), 'cross_share_bp BETWEEN 0 AND 10000')

    with op.batch_alter_table('rubrics', schema=None) as batch_op:
        batch_op.add_column(sa.Column('number', sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column('created_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('created_by', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('superseded_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('sha256', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('bonus', sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column('veto', sa.JSON(), nullable=False, server_default="[]"))
        batch_op.drop_constraint(batch_op.f('uq_rubrics_round_id'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_rubrics_round_id_number'), ['round_id', 'number'])
        batch_op.create_index('ux_rubrics_current', ['round_id'], unique=True, sqlite_where=sa.text('superseded_at IS NULL'), postgresql_where=sa.text('superseded_at IS NULL'))
        batch_op.create_foreign_key(batch_op.f('fk_rubrics_created_by_accounts'), 'accounts', ['created_by'], ['id'])

    with op.batch_alter_table('selections', schema=None) as batch_op:
        batch_op.add_column(sa.Column('introduction', sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column('applies_from', trainer.models.types.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('applies_until', trainer.models.types.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('highest_amount_fen', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('eligibility', sa.JSON(), nullable=False, server_default="{}"))

    carry_over()


def downgrade():
    refuse_to_lose()
    carry_back()
    with op.batch_alter_table('selections', schema=None) as batch_op:
        batch_op.drop_column('eligibility')
        batch_op.drop_column('highest_amount_fen')
        batch_op.drop_column('applies_until')
        batch_op.drop_column('applies_from')
        batch_op.drop_column('introduction')

    with op.batch_alter_table('rubrics', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_rubrics_created_by_accounts'), type_='foreignkey')
        batch_op.drop_index('ux_rubrics_current', sqlite_where=sa.text('superseded_at IS NULL'), postgresql_where=sa.text('superseded_at IS NULL'))
        batch_op.drop_constraint(batch_op.f('uq_rubrics_round_id_number'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_rubrics_round_id'), ['round_id'])
        batch_op.drop_column('veto')
        batch_op.drop_column('bonus')
        batch_op.drop_column('sha256')
        batch_op.drop_column('superseded_at')
        batch_op.drop_column('created_by')
        batch_op.drop_column('created_at')
        batch_op.drop_column('number')

    with op.batch_alter_table('rounds', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_rounds_advances'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_rounds_waves'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_rounds_cross_share'), type_='check')
        batch_op.drop_column('frozen_at')
        batch_op.drop_column('first_open_wave')
        batch_op.drop_column('wave')
        batch_op.drop_column('closes_at')
        batch_op.drop_column('anchors')
        batch_op.drop_column('cross_share_bp')
        batch_op.drop_column('seed')
        batch_op.drop_column('blind')
        batch_op.drop_column('aggregate')
        batch_op.drop_column('ranked_by')
        batch_op.drop_column('advances')


    with op.batch_alter_table('review_versions', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_review_versions_confidence'), type_='check')
        batch_op.drop_column('sha256')
        batch_op.drop_column('source')
        batch_op.drop_column('recommendation')
        batch_op.drop_column('confidence')
        batch_op.drop_column('abstentions')

    with op.batch_alter_table('ranking_runs', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_ranking_runs_frozen_by_accounts'), type_='foreignkey')
        batch_op.drop_column('figures')
        batch_op.drop_column('frozen_by')
        batch_op.drop_column('frozen_at')

    with op.batch_alter_table('ranking_rows', schema=None) as batch_op:
        batch_op.drop_column('vetoes')
        batch_op.drop_column('bonus_hundredths')
        batch_op.drop_column('weight_seat_bp')
        batch_op.drop_column('p_seat_bp')
        batch_op.drop_column('rank_high')
        batch_op.drop_column('rank_low')
        batch_op.drop_column('se_hundredths')
        batch_op.drop_column('adjusted_total_hundredths')
        batch_op.drop_column('raw_total_hundredths')
        batch_op.drop_column('huber_hundredths')

    with op.batch_alter_table('criteria', schema=None) as batch_op:
        batch_op.drop_column('rule')

    with op.batch_alter_table('assignments', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_assignments_created_by_accounts'), type_='foreignkey')
        batch_op.drop_column('withdrawn_reason')
        batch_op.drop_column('withdrawn_at')
        batch_op.drop_column('created_by')
        batch_op.drop_column('created_at')
        batch_op.drop_column('reason')
        batch_op.drop_column('wave')
        batch_op.drop_column('origin')

    with op.batch_alter_table('applications', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_applications_coded'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_applications_amount'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_applications_created_by_accounts'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_applications_blinded_by_accounts'), type_='foreignkey')
        batch_op.alter_column('code',
               existing_type=sa.VARCHAR(length=12),
               nullable=False)
        batch_op.drop_column('submitted_at')
        batch_op.drop_column('created_by')
        batch_op.drop_column('blinded_by')
        batch_op.drop_column('blinded_at')
        batch_op.drop_column('blind_uses')
        batch_op.drop_column('blind_plan')
        batch_op.drop_column('blind_title')
        batch_op.drop_column('uses')
        batch_op.drop_column('amount_fen')
        batch_op.drop_column('title')

    op.drop_table('visit_stays')
    with op.batch_alter_table('visit_pictures', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_visit_pictures_visit_id'))

    op.drop_table('visit_pictures')
    with op.batch_alter_table('visit_facts', schema=None) as batch_op:
        batch_op.drop_index('ix_visit_facts_visit')

    op.drop_table('visit_facts')
    op.drop_table('paper_entries')
    with op.batch_alter_table('referrals', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_referrals_application_id'))

    op.drop_table('referrals')
    with op.batch_alter_table('field_visits', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_field_visits_application_id'))

    op.drop_table('field_visits')
    with op.batch_alter_table('conflicts', schema=None) as batch_op:
        batch_op.drop_index('ix_conflicts_pair')
        batch_op.drop_index('ix_conflicts_account')

    op.drop_table('conflicts')
    with op.batch_alter_table('candidacies', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_candidacies_application_id'))

    op.drop_table('candidacies')
    with op.batch_alter_table('calibration_sheets', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_calibration_sheets_account_id'))

    op.drop_table('calibration_sheets')
    op.drop_table('application_files')
    with op.batch_alter_table('application_events', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_application_events_application_id'))

    op.drop_table('application_events')
    op.drop_table('visit_questions')
    with op.batch_alter_table('round_tables', schema=None) as batch_op:
        batch_op.drop_index('ux_round_tables_current', sqlite_where=sa.text('superseded_at IS NULL'), postgresql_where=sa.text('superseded_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_round_tables_round_id'))

    op.drop_table('round_tables')
    with op.batch_alter_table('reopen_requests', schema=None) as batch_op:
        batch_op.drop_index('ux_reopen_requests_open', sqlite_where=sa.text('answered_at IS NULL'), postgresql_where=sa.text('answered_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_reopen_requests_round_id'))

    op.drop_table('reopen_requests')
    op.drop_table('quotas')
    with op.batch_alter_table('panel_seats', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_panel_seats_account_id'))

    op.drop_table('panel_seats')
    op.drop_table('calibration_files')
