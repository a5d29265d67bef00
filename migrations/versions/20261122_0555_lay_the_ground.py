"""lay the ground"""

from alembic import op
import sqlalchemy as sa
import trainer.models.types


revision = 'c0cc0321050d'
down_revision = 'e4f9eeb131cd'
branch_labels = None
depends_on = None

# Events are only added, at the end, and go only where a sealed segment holds them; a segment stays as it is.
# The INSERT guards keep SQLite's INSERT OR REPLACE out, which deletes without asking a DELETE trigger.
SQLITE_GUARDS = (
    """CREATE TRIGGER audit_events_at_the_end BEFORE INSERT ON audit_events
    WHEN NEW.seq <= max((SELECT coalesce(max(seq), 0) FROM audit_events),
                        (SELECT coalesce(max(last_seq), 0) FROM audit_segments))
    BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END""",
    """CREATE TRIGGER audit_segments_at_the_end BEFORE INSERT ON audit_segments
    WHEN NEW.first_seq <> (SELECT coalesce(max(last_seq), 0) + 1 FROM audit_segments)
        OR NOT EXISTS (SELECT 1 FROM audit_events WHERE seq = NEW.last_seq AND hash = NEW.closing_hash)
        OR NOT EXISTS (SELECT 1 FROM audit_events WHERE seq > NEW.last_seq)
    BEGIN SELECT RAISE(ABORT, 'audit segments are append-only'); END""",
    """CREATE TRIGGER audit_events_unchanged BEFORE UPDATE ON audit_events
    BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END""",
    """CREATE TRIGGER audit_events_kept BEFORE DELETE ON audit_events
    WHEN NOT EXISTS (SELECT 1 FROM audit_segments WHERE OLD.seq BETWEEN first_seq AND last_seq)
    BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END""",
    """CREATE TRIGGER audit_segments_unchanged BEFORE UPDATE ON audit_segments
    BEGIN SELECT RAISE(ABORT, 'audit segments are append-only'); END""",
    """CREATE TRIGGER audit_segments_kept BEFORE DELETE ON audit_segments
    BEGIN SELECT RAISE(ABORT, 'audit segments are append-only'); END""",
)
POSTGRESQL_GUARDS = (
    """CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_TABLE_NAME = 'audit_events' AND TG_OP = 'INSERT' THEN
            IF NEW.seq > greatest((SELECT coalesce(max(seq), 0) FROM audit_events),
                                  (SELECT coalesce(max(last_seq), 0) FROM audit_segments)) THEN
                RETURN NEW;
            END IF;
        ELSIF TG_TABLE_NAME = 'audit_segments' AND TG_OP = 'INSERT' THEN
            IF NEW.first_seq = (SELECT coalesce(max(last_seq), 0) + 1 FROM audit_segments)
                AND EXISTS (SELECT 1 FROM audit_events WHERE seq = NEW.last_seq AND hash = NEW.closing_hash)
                AND EXISTS (SELECT 1 FROM audit_events WHERE seq > NEW.last_seq) THEN
                RETURN NEW;
            END IF;
        ELSIF TG_TABLE_NAME = 'audit_events' AND TG_OP = 'DELETE' THEN
            IF EXISTS (SELECT 1 FROM audit_segments WHERE OLD.seq BETWEEN first_seq AND last_seq) THEN
                RETURN OLD;
            END IF;
        END IF;
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
    END $$""",
    """CREATE TRIGGER audit_events_guarded BEFORE INSERT OR UPDATE OR DELETE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION audit_append_only()""",
    """CREATE TRIGGER audit_events_kept BEFORE TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()""",
    """CREATE TRIGGER audit_segments_guarded BEFORE INSERT OR UPDATE OR DELETE ON audit_segments
    FOR EACH ROW EXECUTE FUNCTION audit_append_only()""",
    """CREATE TRIGGER audit_segments_kept BEFORE TRUNCATE ON audit_segments
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()""",
)
SQLITE_NAMES = (
    *("audit_events_at_the_end", "audit_events_unchanged", "audit_events_kept"),
    *("audit_segments_at_the_end", "audit_segments_unchanged", "audit_segments_kept"),
)


def guard_audit():
    for statement in SQLITE_GUARDS if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_GUARDS:
        op.execute(statement)


def unguard_audit():
    if op.get_bind().dialect.name == "sqlite":
        for name in SQLITE_NAMES:
            op.execute(f"DROP TRIGGER IF EXISTS {name}")
    else:
        op.execute("DROP FUNCTION IF EXISTS audit_append_only() CASCADE")


# What the release before has no room for: it would be thrown away, and some of it proves something.
ONLY_HERE = {
    'stored_files': 'SELECT count(*) FROM stored_files',
    'audit_segments': 'SELECT count(*) FROM audit_segments',
    'second_factors': 'SELECT count(*) FROM second_factors',
    'disclosures': 'SELECT count(*) FROM disclosures',
    'data_requests': 'SELECT count(*) FROM data_requests',
    'messages': 'SELECT count(*) FROM messages',
    'audit_events': 'SELECT count(*) FROM audit_events WHERE address IS NOT NULL',
    'people': 'SELECT count(*) FROM people WHERE erased_at IS NOT NULL',
    'consents': """SELECT count(*) FROM (SELECT 1 FROM consents GROUP BY person_id, scope, notice_version
        HAVING count(*) > 1) AS twice""",
}


def refuse_to_lose():
    held = [name for name, statement in ONLY_HERE.items() if op.get_bind().exec_driver_sql(statement).scalar()]
    if held:
        raise RuntimeError(f"The release before has no room for what is in {', '.join(held)}. Put its last backup back instead.")


def upgrade():
    with op.batch_alter_table('job_runs', schema=None) as batch_op:
        batch_op.create_index('ix_job_runs_job', ['job', 'started_at'], unique=False)
    op.create_table('devices',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('user_agent', sa.String(length=200), nullable=False),
    sa.Column('created_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_devices')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_devices_token_hash'))
    )
    op.create_table('data_requests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('correct', 'erase', 'explain', name='requestkind', native_enum=False, length=32), nullable=False),
    sa.Column('state', sa.Enum('open', 'done', 'refused', 'withdrawn', name='requeststate', native_enum=False, length=32), nullable=False),
    sa.Column('wished', trainer.models.types.EncryptedText(), nullable=True),
    sa.Column('words', trainer.models.types.EncryptedText(), nullable=True),
    sa.Column('channel', sa.Enum('paper', 'online', 'roster', 'telephone', name='consentchannel', native_enum=False, length=32), nullable=False),
    sa.Column('recorded_by', sa.Integer(), nullable=True),
    sa.Column('asked_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('prepared_by', sa.Integer(), nullable=True),
    sa.Column('prepared_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('handled_by', sa.Integer(), nullable=True),
    sa.Column('handled_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind <> 'erase' OR state <> 'done' OR (prepared_by IS NOT NULL AND handled_by IS NOT NULL AND handled_by <> prepared_by)", name=op.f('ck_data_requests_two_people')),
    sa.ForeignKeyConstraint(['handled_by'], ['accounts.id'], name=op.f('fk_data_requests_handled_by_accounts')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_data_requests_person_id_people')),
    sa.ForeignKeyConstraint(['prepared_by'], ['accounts.id'], name=op.f('fk_data_requests_prepared_by_accounts')),
    sa.ForeignKeyConstraint(['recorded_by'], ['accounts.id'], name=op.f('fk_data_requests_recorded_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_data_requests'))
    )
    with op.batch_alter_table('data_requests', schema=None) as batch_op:
        batch_op.create_index('ix_data_requests_queue', ['state', 'due_on'], unique=False)
        batch_op.create_index('uq_data_requests_open', ['person_id', 'kind'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    op.create_table('disclosures',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('reason', sa.Enum('call_her', 'check_identity', 'payment', 'safety', 'authority', 'her_request', 'other', name='disclosurereason', native_enum=False, length=32), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('recipient', sa.String(length=120), nullable=False),
    sa.Column('is_export', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_disclosures_account_id_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disclosures'))
    )
    with op.batch_alter_table('disclosures', schema=None) as batch_op:
        batch_op.create_index('ix_disclosures_account', ['account_id', 'at'], unique=False)

    op.create_table('message_templates',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('region_code', sa.String(length=6), nullable=True),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('updated_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['created_by'], ['accounts.id'], name=op.f('fk_message_templates_created_by_accounts')),
    sa.ForeignKeyConstraint(['region_code'], ['regions.code'], name=op.f('fk_message_templates_region_code_regions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message_templates')),
    sa.UniqueConstraint('name', name=op.f('uq_message_templates_name'))
    )
    with op.batch_alter_table('message_templates', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_message_templates_region_code'), ['region_code'], unique=False)

    op.create_table('messages',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('notice', 'letter', name='messagekind', native_enum=False, length=32), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=True),
    sa.Column('values', sa.JSON(), nullable=False),
    sa.Column('subject', sa.String(length=120), nullable=True),
    sa.Column('body', sa.Text(), nullable=True),
    sa.Column('link', sa.String(length=200), nullable=True),
    sa.Column('once_key', sa.String(length=120), nullable=True),
    sa.Column('audience', sa.JSON(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=True),
    sa.Column('sent_by', sa.Integer(), nullable=True),
    sa.Column('created_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(code IS NULL) <> (body IS NULL)', name=op.f('ck_messages_one_form')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_messages_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['sent_by'], ['accounts.id'], name=op.f('fk_messages_sent_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_messages')),
    sa.UniqueConstraint('once_key', name=op.f('uq_messages_once_key'))
    )
    with op.batch_alter_table('messages', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_messages_cohort_id'), ['cohort_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_messages_created_at'), ['created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_messages_sent_by'), ['sent_by'], unique=False)

    op.create_table('past_passwords',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=False),
    sa.Column('set_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_past_passwords_account_id_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_past_passwords'))
    )
    with op.batch_alter_table('past_passwords', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_past_passwords_account_id'), ['account_id'], unique=False)

    op.create_table('recovery_codes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('used_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_recovery_codes_account_id_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_codes')),
    sa.UniqueConstraint('account_id', 'code_hash', name=op.f('uq_recovery_codes_account_id_code_hash'))
    )
    op.create_table('second_factor_resets',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=True),
    sa.Column('asked_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('approved', sa.Boolean(), nullable=True),
    sa.CheckConstraint('asked_by <> account_id AND (decided_by IS NULL OR decided_by <> account_id)', name=op.f('ck_second_factor_resets_not_own')),
    sa.CheckConstraint('decided_by IS NULL OR decided_by <> asked_by', name=op.f('ck_second_factor_resets_two_people')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_second_factor_resets_account_id_accounts')),
    sa.ForeignKeyConstraint(['asked_by'], ['accounts.id'], name=op.f('fk_second_factor_resets_asked_by_accounts')),
    sa.ForeignKeyConstraint(['decided_by'], ['accounts.id'], name=op.f('fk_second_factor_resets_decided_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_second_factor_resets'))
    )
    with op.batch_alter_table('second_factor_resets', schema=None) as batch_op:
        batch_op.create_index('uq_second_factor_resets_open', ['account_id'], unique=True, sqlite_where=sa.text('decided_at IS NULL'), postgresql_where=sa.text('decided_at IS NULL'))

    op.create_table('second_factors',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('secret', trainer.models.types.EncryptedText(), nullable=False),
    sa.Column('created_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('last_step', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_second_factors_account_id_accounts')),
    sa.PrimaryKeyConstraint('account_id', name=op.f('pk_second_factors'))
    )
    op.create_table('stored_files',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('stored_as', sa.String(length=64), nullable=False),
    sa.Column('purpose', sa.Enum('consent_scan', 'task_product', 'audit_segment', name='filepurpose', native_enum=False, length=32), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('mime', sa.String(length=120), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('created_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('expires_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['created_by'], ['accounts.id'], name=op.f('fk_stored_files_created_by_accounts')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_stored_files_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stored_files')),
    sa.UniqueConstraint('stored_as', name=op.f('uq_stored_files_stored_as'))
    )
    with op.batch_alter_table('stored_files', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stored_files_expires_at'), ['expires_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_stored_files_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_stored_files_sha256'), ['sha256'], unique=False)

    op.create_table('audit_segments',
    sa.Column('first_seq', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last_seq', sa.Integer(), nullable=False),
    sa.Column('closing_hash', sa.String(length=64), nullable=False),
    sa.Column('last_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('sealed_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['stored_files.id'], name=op.f('fk_audit_segments_file_id_stored_files')),
    sa.PrimaryKeyConstraint('first_seq', name=op.f('pk_audit_segments')),
    sa.UniqueConstraint('last_seq', name=op.f('uq_audit_segments_last_seq'))
    )
    op.create_table('background_tasks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('people_export', 'roster_commit', 'sales_commit', 'slips', 'audit_bundle', 'letter', name='taskkind', native_enum=False, length=32), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('params', sa.JSON(), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=True),
    sa.Column('asked_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'running', 'done', 'failed', 'called_off', name='taskstate', native_enum=False, length=32), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('heartbeat_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('finished_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('outcome_values', sa.JSON(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['asked_by'], ['accounts.id'], name=op.f('fk_background_tasks_asked_by_accounts')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_files.id'], name=op.f('fk_background_tasks_file_id_stored_files')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_background_tasks'))
    )
    with op.batch_alter_table('background_tasks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_background_tasks_finished_at'), ['finished_at'], unique=False)
        batch_op.create_index('ix_background_tasks_owner', ['asked_by', 'id'], unique=False)
        batch_op.create_index('ix_background_tasks_state', ['state', 'id'], unique=False)
        batch_op.create_index('uq_background_tasks_live', ['kind', 'key'], unique=True, sqlite_where=sa.text("state IN ('waiting', 'running')"), postgresql_where=sa.text("state IN ('waiting', 'running')"))

    op.create_table('deliveries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('message_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('channel', sa.String(length=30), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'sending', 'sent', 'failed', 'unknown', name='deliverystate', native_enum=False, length=32), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('due_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('sent_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('read_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('error', sa.String(length=300), nullable=False),
    sa.CheckConstraint('(account_id IS NULL) <> (person_id IS NULL)', name=op.f('ck_deliveries_one_reader')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_deliveries_account_id_accounts')),
    sa.ForeignKeyConstraint(['message_id'], ['messages.id'], name=op.f('fk_deliveries_message_id_messages')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_deliveries_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deliveries')),
    sa.UniqueConstraint('message_id', 'channel', 'account_id', name=op.f('uq_deliveries_message_id_channel_account_id')),
    sa.UniqueConstraint('message_id', 'channel', 'person_id', name=op.f('uq_deliveries_message_id_channel_person_id'))
    )
    with op.batch_alter_table('deliveries', schema=None) as batch_op:
        batch_op.create_index('ix_deliveries_account_inbox', ['account_id', 'read_at'], unique=False)
        batch_op.create_index('ix_deliveries_due', ['state', 'due_at'], unique=False)
        batch_op.create_index('ix_deliveries_person_inbox', ['person_id', 'read_at'], unique=False)

    op.create_table('disclosed_people',
    sa.Column('disclosure_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['disclosure_id'], ['disclosures.id'], name=op.f('fk_disclosed_people_disclosure_id_disclosures')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_disclosed_people_person_id_people')),
    sa.PrimaryKeyConstraint('disclosure_id', 'person_id', name=op.f('pk_disclosed_people'))
    )
    with op.batch_alter_table('disclosed_people', schema=None) as batch_op:
        batch_op.create_index('ix_disclosed_people_person', ['person_id', 'disclosure_id'], unique=False)

    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('phone', trainer.models.types.EncryptedText(), nullable=True))
        batch_op.add_column(sa.Column('phone_index', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('password_set_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('active_changed_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('shut_because', sa.String(length=40), nullable=False, server_default=''))
        batch_op.create_unique_constraint(batch_op.f('uq_accounts_phone_index'), ['phone_index'])

    with op.batch_alter_table('audit_events', schema=None) as batch_op:
        batch_op.add_column(sa.Column('address', sa.String(length=45), nullable=True))

    with op.batch_alter_table('consents', schema=None) as batch_op:
        batch_op.add_column(sa.Column('evidence_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('withdrawn_by', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('withdrawal_channel', sa.Enum('paper', 'online', 'roster', 'telephone', name='consentchannel', native_enum=False, length=32), nullable=True))
        batch_op.add_column(sa.Column('withdrawal_reason', sa.String(length=200), server_default='', nullable=False))
        batch_op.drop_constraint(batch_op.f('uq_consents_person_id_scope_notice_version'), type_='unique')
        batch_op.create_index('uq_consents_in_force', ['person_id', 'scope', 'notice_version'], unique=True, sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))
        batch_op.create_foreign_key(batch_op.f('fk_consents_withdrawn_by_accounts'), 'accounts', ['withdrawn_by'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_consents_evidence_id_stored_files'), 'stored_files', ['evidence_id'], ['id'])

    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.add_column(sa.Column('phone_tail_index', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('erased_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f('ix_people_phone_tail_index'), ['phone_tail_index'], unique=False)

    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('address', sa.String(length=45), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('device_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('pending', sa.Enum('second_factor', 'enrol_second_factor', 'new_password', name='signinstep', native_enum=False, length=32), nullable=True))
        batch_op.add_column(sa.Column('confirmed_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f('ix_sessions_device_id'), ['device_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_sessions_device_id_devices'), 'devices', ['device_id'], ['id'])

    op.execute("UPDATE accounts SET password_set_at = created_at WHERE password_hash IS NOT NULL")
    guard_audit()


def downgrade():
    refuse_to_lose()
    with op.batch_alter_table('job_runs', schema=None) as batch_op:
        batch_op.drop_index('ix_job_runs_job')
    unguard_audit()
    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_sessions_device_id_devices'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_sessions_device_id'))
        batch_op.drop_column('confirmed_at')
        batch_op.drop_column('pending')
        batch_op.drop_column('device_id')
        batch_op.drop_column('address')

    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_people_phone_tail_index'))
        batch_op.drop_column('erased_at')
        batch_op.drop_column('phone_tail_index')

    with op.batch_alter_table('consents', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_consents_evidence_id_stored_files'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_consents_withdrawn_by_accounts'), type_='foreignkey')
        batch_op.drop_index('uq_consents_in_force', sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))
        batch_op.create_unique_constraint(batch_op.f('uq_consents_person_id_scope_notice_version'), ['person_id', 'scope', 'notice_version'])
        batch_op.drop_column('withdrawal_reason')
        batch_op.drop_column('withdrawal_channel')
        batch_op.drop_column('withdrawn_by')
        batch_op.drop_column('evidence_id')

    with op.batch_alter_table('audit_events', schema=None) as batch_op:
        batch_op.drop_column('address')

    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_accounts_phone_index'), type_='unique')
        batch_op.drop_column('shut_because')
        batch_op.drop_column('active_changed_at')
        batch_op.drop_column('password_set_at')
        batch_op.drop_column('phone_index')
        batch_op.drop_column('phone')

    with op.batch_alter_table('disclosed_people', schema=None) as batch_op:
        batch_op.drop_index('ix_disclosed_people_person')

    op.drop_table('disclosed_people')
    with op.batch_alter_table('deliveries', schema=None) as batch_op:
        batch_op.drop_index('ix_deliveries_person_inbox')
        batch_op.drop_index('ix_deliveries_due')
        batch_op.drop_index('ix_deliveries_account_inbox')

    op.drop_table('deliveries')
    with op.batch_alter_table('background_tasks', schema=None) as batch_op:
        batch_op.drop_index('uq_background_tasks_live', sqlite_where=sa.text("state IN ('waiting', 'running')"), postgresql_where=sa.text("state IN ('waiting', 'running')"))
        batch_op.drop_index('ix_background_tasks_state')
        batch_op.drop_index('ix_background_tasks_owner')
        batch_op.drop_index(batch_op.f('ix_background_tasks_finished_at'))

    op.drop_table('background_tasks')
    op.drop_table('audit_segments')
    with op.batch_alter_table('stored_files', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_stored_files_sha256'))
        batch_op.drop_index(batch_op.f('ix_stored_files_person_id'))
        batch_op.drop_index(batch_op.f('ix_stored_files_expires_at'))

    op.drop_table('stored_files')
    op.drop_table('second_factors')
    with op.batch_alter_table('second_factor_resets', schema=None) as batch_op:
        batch_op.drop_index('uq_second_factor_resets_open', sqlite_where=sa.text('decided_at IS NULL'), postgresql_where=sa.text('decided_at IS NULL'))

    op.drop_table('second_factor_resets')
    op.drop_table('recovery_codes')
    with op.batch_alter_table('past_passwords', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_past_passwords_account_id'))

    op.drop_table('past_passwords')
    with op.batch_alter_table('messages', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_messages_sent_by'))
        batch_op.drop_index(batch_op.f('ix_messages_created_at'))
        batch_op.drop_index(batch_op.f('ix_messages_cohort_id'))

    op.drop_table('messages')
    with op.batch_alter_table('message_templates', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_message_templates_region_code'))

    op.drop_table('message_templates')
    with op.batch_alter_table('disclosures', schema=None) as batch_op:
        batch_op.drop_index('ix_disclosures_account')

    op.drop_table('disclosures')
    with op.batch_alter_table('data_requests', schema=None) as batch_op:
        batch_op.drop_index('uq_data_requests_open', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.drop_index('ix_data_requests_queue')

    op.drop_table('data_requests')
    op.drop_table('devices')
