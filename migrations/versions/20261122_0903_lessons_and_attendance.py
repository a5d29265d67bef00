"""lessons and attendance"""

from alembic import op
import sqlalchemy as sa
import trainer.models.types


revision = '205aa72f3247'
down_revision = 'c0cc0321050d'
branch_labels = None
depends_on = None

# What the release before has no room for: it would be thrown away, and all of it proves something.
ONLY_HERE = (
    'lesson_files', 'attendance_requests', 'walk_ins', 'paper_sheets', 'roll_checks', 'spot_check_draws', 'contacts',
)


def refuse_to_lose():
    held = [name for name in ONLY_HERE if op.get_bind().exec_driver_sql(f"SELECT count(*) FROM {name}").scalar()]
    if held:
        raise RuntimeError(f"The release before has no room for what is in {', '.join(held)}. Put its last backup back instead.")


def upgrade():
    op.create_table('calendar_feeds',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('made_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('fetched_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_calendar_feeds_account_id_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_feeds')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_calendar_feeds_token_hash'))
    )
    with op.batch_alter_table('calendar_feeds', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_calendar_feeds_account_id'), ['account_id'], unique=False)

    op.create_table('holidays',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('kind', sa.Enum('off', 'worked', name='daykind', native_enum=False, length=32), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('set_by', sa.Integer(), nullable=True),
    sa.Column('set_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['set_by'], ['accounts.id'], name=op.f('fk_holidays_set_by_accounts')),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_holidays'))
    )
    op.create_table('spot_check_draws',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('seed', sa.BigInteger(), nullable=False),
    sa.Column('eligible', sa.Integer(), nullable=False),
    sa.Column('drawn', sa.Integer(), nullable=False),
    sa.Column('at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by'], ['accounts.id'], name=op.f('fk_spot_check_draws_by_accounts')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_spot_check_draws_cohort_id_cohorts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_spot_check_draws'))
    )
    with op.batch_alter_table('spot_check_draws', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_spot_check_draws_cohort_id'), ['cohort_id'], unique=False)

    op.create_table('contacts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.Enum('will_come', 'cannot_come', 'call_again', 'not_reached', 'wrong_number', name='contactoutcome', native_enum=False, length=32), nullable=False),
    sa.Column('words', trainer.models.types.EncryptedText(), nullable=True),
    sa.Column('at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by'], ['accounts.id'], name=op.f('fk_contacts_by_accounts')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolments.id'], name=op.f('fk_contacts_enrolment_id_enrolments')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contacts'))
    )
    with op.batch_alter_table('contacts', schema=None) as batch_op:
        batch_op.create_index('ix_contacts_enrolment', ['enrolment_id', 'at'], unique=False)

    op.create_table('lesson_files',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('lesson_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('material', 'class_photo', name='lessonfilekind', native_enum=False, length=32), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('link', sa.String(length=300), nullable=True),
    sa.Column('added_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('added_by', sa.Integer(), nullable=True),
    sa.Column('removed_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(file_id IS NULL) <> (link IS NULL)', name=op.f('ck_lesson_files_file_or_link')),
    sa.ForeignKeyConstraint(['added_by'], ['accounts.id'], name=op.f('fk_lesson_files_added_by_accounts')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_files.id'], name=op.f('fk_lesson_files_file_id_stored_files')),
    sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_lesson_files_lesson_id_lessons')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lesson_files'))
    )
    with op.batch_alter_table('lesson_files', schema=None) as batch_op:
        batch_op.create_index('ix_lesson_files_lesson', ['lesson_id', 'kind'], unique=False)

    op.create_table('paper_sheets',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('lesson_id', sa.Integer(), nullable=False),
    sa.Column('page', sa.Integer(), nullable=False),
    sa.Column('photo_id', sa.Integer(), nullable=True),
    sa.Column('listed', sa.JSON(), nullable=False),
    sa.Column('absent', sa.JSON(), nullable=False),
    sa.Column('unsure', sa.JSON(), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'confirmed', 'returned', 'undone', name='sheetstate', native_enum=False, length=32), nullable=False),
    sa.Column('entered_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('entered_by', sa.Integer(), nullable=True),
    sa.Column('confirmed_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('confirmed_by', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('confirmed_by IS NULL OR confirmed_by <> entered_by', name=op.f('ck_paper_sheets_two_people')),
    sa.ForeignKeyConstraint(['confirmed_by'], ['accounts.id'], name=op.f('fk_paper_sheets_confirmed_by_accounts')),
    sa.ForeignKeyConstraint(['entered_by'], ['accounts.id'], name=op.f('fk_paper_sheets_entered_by_accounts')),
    sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_paper_sheets_lesson_id_lessons')),
    sa.ForeignKeyConstraint(['photo_id'], ['stored_files.id'], name=op.f('fk_paper_sheets_photo_id_stored_files')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_sheets'))
    )
    with op.batch_alter_table('paper_sheets', schema=None) as batch_op:
        batch_op.create_index('uq_paper_sheets_in_force', ['lesson_id', 'page'], unique=True, sqlite_where=sa.text("state IN ('waiting', 'confirmed')"), postgresql_where=sa.text("state IN ('waiting', 'confirmed')"))

    op.create_table('risks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Enum('out_of_reach', 'absent_in_a_row', 'behind', name='riskreason', native_enum=False, length=32), nullable=False),
    sa.Column('lesson_id', sa.Integer(), nullable=False),
    sa.Column('found_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('told_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('ended_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolments.id'], name=op.f('fk_risks_enrolment_id_enrolments')),
    sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_risks_lesson_id_lessons')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_risks'))
    )
    with op.batch_alter_table('risks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_risks_enrolment_id'), ['enrolment_id'], unique=False)
        batch_op.create_index('ix_risks_found', ['ended_at', 'found_at'], unique=False)
        batch_op.create_index('uq_risks_in_force', ['enrolment_id', 'reason'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.create_table('roll_checks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('lesson_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('headcount_differs', 'taken_in_seconds', 'same_as_the_day_before', 'one_device_for_many', 'marked_after_closing', 'said_she_was_not_there', name='rollcheckkind', native_enum=False, length=32), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('found_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('gone_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.Enum('explained', 'corrected', 'not_credible', name='rollcheckanswer', native_enum=False, length=32), nullable=True),
    sa.Column('words', sa.String(length=300), nullable=False),
    sa.Column('answered_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('answered_by', sa.Integer(), nullable=True),
    sa.CheckConstraint('(answer IS NULL) = (answered_at IS NULL)', name=op.f('ck_roll_checks_answer')),
    sa.ForeignKeyConstraint(['answered_by'], ['accounts.id'], name=op.f('fk_roll_checks_answered_by_accounts')),
    sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_roll_checks_lesson_id_lessons')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roll_checks')),
    sa.UniqueConstraint('lesson_id', 'kind', name=op.f('uq_roll_checks_lesson_id_kind'))
    )
    with op.batch_alter_table('roll_checks', schema=None) as batch_op:
        batch_op.create_index('ix_roll_checks_open', ['answered_at', 'found_at'], unique=False)

    op.create_table('spot_checks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('draw_id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('lesson_id', sa.Integer(), nullable=False),
    sa.Column('reported', sa.Enum('present', 'late', 'left_early', 'excused', 'absent', 'made_up', name='attendancestatus', native_enum=False, length=32), nullable=False),
    sa.Column('outcome', sa.Enum('was_there', 'was_not_there', 'unsure', 'not_reached', 'wrong_number', name='spotcheckoutcome', native_enum=False, length=32), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('called_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('called_by', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['called_by'], ['accounts.id'], name=op.f('fk_spot_checks_called_by_accounts')),
    sa.ForeignKeyConstraint(['draw_id'], ['spot_check_draws.id'], name=op.f('fk_spot_checks_draw_id_spot_check_draws')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolments.id'], name=op.f('fk_spot_checks_enrolment_id_enrolments')),
    sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_spot_checks_lesson_id_lessons')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_spot_checks')),
    sa.UniqueConstraint('draw_id', 'enrolment_id', name=op.f('uq_spot_checks_draw_id_enrolment_id'))
    )
    with op.batch_alter_table('spot_checks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_spot_checks_enrolment_id'), ['enrolment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_spot_checks_lesson_id'), ['lesson_id'], unique=False)

    op.create_table('attendance_requests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('leave', 'claim', 'wrong', 'late_mark', name='attendancerequestkind', native_enum=False, length=32), nullable=False),
    sa.Column('lesson_id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('lesson_starts_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('wished', sa.Enum('present', 'late', 'left_early', 'excused', 'absent', 'made_up', name='attendancestatus', native_enum=False, length=32), nullable=False),
    sa.Column('words', trainer.models.types.EncryptedText(), nullable=True),
    sa.Column('said_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('device', sa.String(length=16), nullable=False),
    sa.Column('nonce', sa.String(length=64), nullable=False),
    sa.Column('asked_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=True),
    sa.Column('state', sa.Enum('open', 'granted', 'refused', 'taken_back', name='attendancerequeststate', native_enum=False, length=32), nullable=False),
    sa.Column('decided_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('answer', sa.String(length=200), nullable=False),
    sa.CheckConstraint("(state = 'open') = (decided_at IS NULL)", name=op.f('ck_attendance_requests_decision')),
    sa.ForeignKeyConstraint(['asked_by'], ['accounts.id'], name=op.f('fk_attendance_requests_asked_by_accounts')),
    sa.ForeignKeyConstraint(['decided_by'], ['accounts.id'], name=op.f('fk_attendance_requests_decided_by_accounts')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolments.id'], name=op.f('fk_attendance_requests_enrolment_id_enrolments')),
    sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_attendance_requests_lesson_id_lessons')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance_requests')),
    sa.UniqueConstraint('nonce', name=op.f('uq_attendance_requests_nonce'))
    )
    with op.batch_alter_table('attendance_requests', schema=None) as batch_op:
        batch_op.create_index('ix_attendance_requests_enrolment', ['enrolment_id'], unique=False)
        batch_op.create_index('ix_attendance_requests_lesson', ['lesson_id', 'enrolment_id'], unique=False)
        batch_op.create_index('ix_attendance_requests_state', ['state'], unique=False)
        batch_op.create_index('uq_attendance_requests_open', ['lesson_id', 'enrolment_id', 'kind'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    op.create_table('walk_ins',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('lesson_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('phone', trainer.models.types.EncryptedText(), nullable=True),
    sa.Column('phone_index', sa.String(length=64), nullable=True),
    sa.Column('nonce', sa.String(length=64), nullable=False),
    sa.Column('at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.Column('enrolment_id', sa.Integer(), nullable=True),
    sa.Column('mark_id', sa.Integer(), nullable=True),
    sa.Column('made_enrolment', sa.Boolean(), nullable=False),
    sa.Column('matched_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('matched_by', sa.Integer(), nullable=True),
    sa.Column('struck_out_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['accounts.id'], name=op.f('fk_walk_ins_by_accounts')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolments.id'], name=op.f('fk_walk_ins_enrolment_id_enrolments')),
    sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_walk_ins_lesson_id_lessons')),
    sa.ForeignKeyConstraint(['mark_id'], ['marks.id'], name=op.f('fk_walk_ins_mark_id_marks')),
    sa.ForeignKeyConstraint(['matched_by'], ['accounts.id'], name=op.f('fk_walk_ins_matched_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_walk_ins')),
    sa.UniqueConstraint('lesson_id', 'number', name=op.f('uq_walk_ins_lesson_id_number')),
    sa.UniqueConstraint('nonce', name=op.f('uq_walk_ins_nonce'))
    )
    with op.batch_alter_table('walk_ins', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_walk_ins_enrolment_id'), ['enrolment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_walk_ins_phone_index'), ['phone_index'], unique=False)

    with op.batch_alter_table('attendances', schema=None) as batch_op:
        batch_op.add_column(sa.Column('marker_status', sa.Enum('present', 'late', 'left_early', 'excused', 'absent', 'made_up', name='attendancestatus', native_enum=False, length=32), nullable=True))
        batch_op.add_column(sa.Column('office_status', sa.Enum('present', 'late', 'left_early', 'excused', 'absent', 'made_up', name='attendancestatus', native_enum=False, length=32), nullable=True))
        batch_op.add_column(sa.Column('conflict_mark_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_attendances_conflict_mark_id_marks'), 'marks', ['conflict_mark_id'], ['id'])

    with op.batch_alter_table('lessons', schema=None) as batch_op:
        batch_op.add_column(sa.Column('link', sa.String(length=300), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('signer', sa.String(length=60), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('batch', sa.String(length=32), nullable=False, server_default=''))

    with op.batch_alter_table('marks', schema=None) as batch_op:
        batch_op.add_column(sa.Column('said_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('device', sa.String(length=16), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('is_office', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('batch_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_marks_batch_id'), ['batch_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_marks_batch_id_import_batches'), 'import_batches', ['batch_id'], ['id'])

    # What was said before stands as the word of whoever took the roll.
    op.execute("UPDATE attendances SET marker_status = status")


def downgrade():
    refuse_to_lose()
    with op.batch_alter_table('marks', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_marks_batch_id_import_batches'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_marks_batch_id'))
        batch_op.drop_column('batch_id')
        batch_op.drop_column('is_office')
        batch_op.drop_column('device')
        batch_op.drop_column('said_at')

    with op.batch_alter_table('lessons', schema=None) as batch_op:
        batch_op.drop_column('batch')
        batch_op.drop_column('signer')
        batch_op.drop_column('link')

    with op.batch_alter_table('attendances', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_attendances_conflict_mark_id_marks'), type_='foreignkey')
        batch_op.drop_column('conflict_mark_id')
        batch_op.drop_column('office_status')
        batch_op.drop_column('marker_status')

    with op.batch_alter_table('walk_ins', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_walk_ins_phone_index'))
        batch_op.drop_index(batch_op.f('ix_walk_ins_enrolment_id'))

    op.drop_table('walk_ins')
    with op.batch_alter_table('attendance_requests', schema=None) as batch_op:
        batch_op.drop_index('uq_attendance_requests_open', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.drop_index('ix_attendance_requests_state')
        batch_op.drop_index('ix_attendance_requests_lesson')
        batch_op.drop_index('ix_attendance_requests_enrolment')

    op.drop_table('attendance_requests')
    with op.batch_alter_table('spot_checks', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_spot_checks_lesson_id'))
        batch_op.drop_index(batch_op.f('ix_spot_checks_enrolment_id'))

    op.drop_table('spot_checks')
    with op.batch_alter_table('roll_checks', schema=None) as batch_op:
        batch_op.drop_index('ix_roll_checks_open')

    op.drop_table('roll_checks')
    with op.batch_alter_table('risks', schema=None) as batch_op:
        batch_op.drop_index('uq_risks_in_force', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.drop_index('ix_risks_found')
        batch_op.drop_index(batch_op.f('ix_risks_enrolment_id'))

    op.drop_table('risks')
    with op.batch_alter_table('paper_sheets', schema=None) as batch_op:
        batch_op.drop_index('uq_paper_sheets_in_force', sqlite_where=sa.text("state IN ('waiting', 'confirmed')"), postgresql_where=sa.text("state IN ('waiting', 'confirmed')"))

    op.drop_table('paper_sheets')
    with op.batch_alter_table('lesson_files', schema=None) as batch_op:
        batch_op.drop_index('ix_lesson_files_lesson')

    op.drop_table('lesson_files')
    with op.batch_alter_table('contacts', schema=None) as batch_op:
        batch_op.drop_index('ix_contacts_enrolment')

    op.drop_table('contacts')
    with op.batch_alter_table('spot_check_draws', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_spot_check_draws_cohort_id'))

    op.drop_table('spot_check_draws')
    op.drop_table('holidays')
    with op.batch_alter_table('calendar_feeds', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_calendar_feeds_account_id'))

    op.drop_table('calendar_feeds')
