"""enrolment, completion and certificates"""

from alembic import op
import sqlalchemy as sa
import trainer.models.types


revision = '96e3c97d9f27'
down_revision = '205aa72f3247'
branch_labels = None
depends_on = None

ONE_OWNER = (
    "(CASE WHEN cohort_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN shop_id IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN programme_id IS NULL THEN 0 ELSE 1 END) = 1"
)
ONE_OWNER_BEFORE = "(cohort_id IS NULL) <> (shop_id IS NULL)"

# What the release before has no room for: it would be thrown away, and all of it proves something.
ONLY_HERE = (
    'sign_ups', 'person_merges', 'rule_requirements', 'assessment_scores', 'hand_ins', 'feedback_answers',
    'completion_exceptions', 'certificates', 'training_sites', 'service_entries', 'honours',
)


def refuse_to_lose():
    counts = {name: f"SELECT count(*) FROM {name}" for name in ONLY_HERE}
    counts['enrolments without a seat'] = "SELECT count(*) FROM enrolments WHERE seat_number IS NULL"
    counts['imports of past cohorts'] = "SELECT count(*) FROM import_batches WHERE programme_id IS NOT NULL"
    held = [what for what, count in counts.items() if op.get_bind().exec_driver_sql(count).scalar()]
    if held:
        raise RuntimeError(f"The release before has no room for what is in {', '.join(held)}. Put its last backup back instead.")


def upgrade():
    op.create_table('certificate_series',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('last_serial', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate_series')),
    sa.UniqueConstraint('key', name=op.f('uq_certificate_series_key'))
    )
    op.create_table('training_sites',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.Enum('hub', 'city_centre', 'county_point', 'village_station', name='sitekind', native_enum=False, length=32), nullable=False),
    sa.Column('region_code', sa.String(length=6), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('address', sa.String(length=120), nullable=False),
    sa.Column('contact_name', sa.String(length=60), nullable=False),
    sa.Column('contact_phone', sa.String(length=20), nullable=False),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('created_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['parent_id'], ['training_sites.id'], name=op.f('fk_training_sites_parent_id_training_sites')),
    sa.ForeignKeyConstraint(['region_code'], ['regions.code'], name=op.f('fk_training_sites_region_code_regions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_sites')),
    sa.UniqueConstraint('region_code', 'name', name=op.f('uq_training_sites_region_code_name'))
    )
    with op.batch_alter_table('training_sites', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_training_sites_parent_id'), ['parent_id'], unique=False)

    op.create_table('feedback_answers',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('content', sa.Integer(), nullable=False),
    sa.Column('teaching', sa.Integer(), nullable=False),
    sa.Column('organisation', sa.Integer(), nullable=False),
    sa.Column('words', trainer.models.types.EncryptedText(), nullable=True),
    sa.Column('told', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.CheckConstraint('content BETWEEN 1 AND 3', name=op.f('ck_feedback_answers_content')),
    sa.CheckConstraint('organisation BETWEEN 1 AND 3', name=op.f('ck_feedback_answers_organisation')),
    sa.CheckConstraint('teaching BETWEEN 1 AND 3', name=op.f('ck_feedback_answers_teaching')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_feedback_answers_cohort_id_cohorts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feedback_answers')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('feedback_answers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_feedback_answers_cohort_id'), ['cohort_id'], unique=False)

    op.create_table('assessments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.Enum('theory', 'practice', name='assessmentkind', native_enum=False, length=32), nullable=False),
    sa.Column('max_score', sa.Integer(), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('created_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('dropped_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('max_score > 0', name=op.f('ck_assessments_max_score')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_assessments_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['created_by'], ['accounts.id'], name=op.f('fk_assessments_created_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessments'))
    )
    with op.batch_alter_table('assessments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assessments_cohort_id'), ['cohort_id'], unique=False)

    op.create_table('completion_exceptions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('proposed', 'approved', 'refused', 'taken_back', name='exceptionstate', native_enum=False, length=32), nullable=False),
    sa.Column('reason', trainer.models.types.EncryptedText(), nullable=True),
    sa.Column('proposed_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('proposed_by', sa.Integer(), nullable=True),
    sa.Column('answer', trainer.models.types.EncryptedText(), nullable=True),
    sa.Column('decided_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state <> 'approved' OR decided_by <> proposed_by", name=op.f('ck_completion_exceptions_two_people')),
    sa.ForeignKeyConstraint(['decided_by'], ['accounts.id'], name=op.f('fk_completion_exceptions_decided_by_accounts')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolments.id'], name=op.f('fk_completion_exceptions_enrolment_id_enrolments')),
    sa.ForeignKeyConstraint(['proposed_by'], ['accounts.id'], name=op.f('fk_completion_exceptions_proposed_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_completion_exceptions'))
    )
    with op.batch_alter_table('completion_exceptions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_completion_exceptions_enrolment_id'), ['enrolment_id'], unique=False)
        batch_op.create_index('ix_completion_exceptions_state', ['state', 'id'], unique=False)
        batch_op.create_index('uq_completion_exceptions_live', ['enrolment_id'], unique=True, sqlite_where=sa.text("state IN ('proposed', 'approved')"), postgresql_where=sa.text("state IN ('proposed', 'approved')"))

    op.create_table('course_tasks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('what_to_do', sa.Text(), nullable=False),
    sa.Column('kind', sa.Enum('broadcast', 'video', 'shop', 'other', name='coursetaskkind', native_enum=False, length=32), nullable=False),
    sa.Column('proof', sa.Enum('picture', 'link', 'either', 'none', name='proof', native_enum=False, length=32), nullable=False),
    sa.Column('min_minutes', sa.Integer(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('created_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('dropped_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_course_tasks_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['created_by'], ['accounts.id'], name=op.f('fk_course_tasks_created_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_course_tasks'))
    )
    with op.batch_alter_table('course_tasks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_course_tasks_cohort_id'), ['cohort_id'], unique=False)

    op.create_table('distinct_pairs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('first_id', sa.Integer(), nullable=False),
    sa.Column('second_id', sa.Integer(), nullable=False),
    sa.Column('at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.CheckConstraint('first_id < second_id', name=op.f('ck_distinct_pairs_order')),
    sa.ForeignKeyConstraint(['by'], ['accounts.id'], name=op.f('fk_distinct_pairs_by_accounts')),
    sa.ForeignKeyConstraint(['first_id'], ['people.id'], name=op.f('fk_distinct_pairs_first_id_people')),
    sa.ForeignKeyConstraint(['second_id'], ['people.id'], name=op.f('fk_distinct_pairs_second_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_distinct_pairs')),
    sa.UniqueConstraint('first_id', 'second_id', name=op.f('uq_distinct_pairs_first_id_second_id'))
    )
    with op.batch_alter_table('distinct_pairs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_distinct_pairs_second_id'), ['second_id'], unique=False)

    op.create_table('feedback_given',
    sa.Column('enrolment_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolments.id'], name=op.f('fk_feedback_given_enrolment_id_enrolments')),
    sa.PrimaryKeyConstraint('enrolment_id', name=op.f('pk_feedback_given'))
    )
    op.create_table('honours',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('person', 'project', name='honourkind', native_enum=False, length=32), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('project', sa.String(length=120), nullable=False),
    sa.Column('region_code', sa.String(length=6), nullable=False),
    sa.Column('citation', sa.Text(), nullable=False),
    sa.Column('entered_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('entered_by', sa.Integer(), nullable=True),
    sa.Column('published_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('published_by', sa.Integer(), nullable=True),
    sa.Column('withdrawn_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_by', sa.Integer(), nullable=True),
    sa.Column('withdrawal_reason', sa.String(length=200), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(kind = 'person') = (person_id IS NOT NULL)", name=op.f('ck_honours_person')),
    sa.CheckConstraint('year BETWEEN 2000 AND 2100', name=op.f('ck_honours_year')),
    sa.ForeignKeyConstraint(['entered_by'], ['accounts.id'], name=op.f('fk_honours_entered_by_accounts')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_honours_person_id_people')),
    sa.ForeignKeyConstraint(['published_by'], ['accounts.id'], name=op.f('fk_honours_published_by_accounts')),
    sa.ForeignKeyConstraint(['region_code'], ['regions.code'], name=op.f('fk_honours_region_code_regions')),
    sa.ForeignKeyConstraint(['withdrawn_by'], ['accounts.id'], name=op.f('fk_honours_withdrawn_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_honours'))
    )
    with op.batch_alter_table('honours', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_honours_person_id'), ['person_id'], unique=False)
        batch_op.create_index('ix_honours_year', ['year', 'id'], unique=False)

    op.create_table('person_merges',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kept_id', sa.Integer(), nullable=False),
    sa.Column('gone_id', sa.Integer(), nullable=False),
    sa.Column('reason', trainer.models.types.EncryptedText(), nullable=True),
    sa.Column('moved', sa.JSON(), nullable=False),
    sa.Column('before', trainer.models.types.EncryptedText(), nullable=True),
    sa.Column('at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.Column('undone_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('undone_by', sa.Integer(), nullable=True),
    sa.Column('undo_reason', trainer.models.types.EncryptedText(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('kept_id <> gone_id', name=op.f('ck_person_merges_two')),
    sa.ForeignKeyConstraint(['by'], ['accounts.id'], name=op.f('fk_person_merges_by_accounts')),
    sa.ForeignKeyConstraint(['gone_id'], ['people.id'], name=op.f('fk_person_merges_gone_id_people')),
    sa.ForeignKeyConstraint(['kept_id'], ['people.id'], name=op.f('fk_person_merges_kept_id_people')),
    sa.ForeignKeyConstraint(['undone_by'], ['accounts.id'], name=op.f('fk_person_merges_undone_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person_merges'))
    )
    with op.batch_alter_table('person_merges', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_merges_gone_id'), ['gone_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_person_merges_kept_id'), ['kept_id'], unique=False)

    op.create_table('service_tariffs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('mentoring', 'volunteering', 'peer_help', 'site_visit', 'other', name='servicekind', native_enum=False, length=32), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('points_per_hour', sa.Integer(), nullable=False),
    sa.Column('set_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('set_by', sa.Integer(), nullable=True),
    sa.CheckConstraint('points_per_hour >= 0', name=op.f('ck_service_tariffs_points')),
    sa.ForeignKeyConstraint(['set_by'], ['accounts.id'], name=op.f('fk_service_tariffs_set_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_tariffs')),
    sa.UniqueConstraint('kind', 'from_on', name=op.f('uq_service_tariffs_kind_from_on'))
    )
    op.create_table('sign_ups',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('open', 'settled', 'taken_back', 'struck_out', name='signupstate', native_enum=False, length=32), nullable=False),
    sa.Column('code_index', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('phone', trainer.models.types.EncryptedText(), nullable=True),
    sa.Column('phone_index', sa.String(length=64), nullable=True),
    sa.Column('id_number', trainer.models.types.EncryptedText(), nullable=True),
    sa.Column('id_number_index', sa.String(length=64), nullable=True),
    sa.Column('kind', sa.Enum('farmer', 'returnee', 'shopkeeper', 'community_worker', 'medical_worker', 'cadre', 'other', name='personkind', native_enum=False, length=32), nullable=True),
    sa.Column('region_code', sa.String(length=6), nullable=False),
    sa.Column('township', sa.String(length=60), nullable=True),
    sa.Column('village', sa.String(length=60), nullable=True),
    sa.Column('answer_by', sa.Enum('call', 'sms', 'helper', 'look_up', name='answerchannel', native_enum=False, length=32), nullable=False),
    sa.Column('helper_name', sa.String(length=60), nullable=True),
    sa.Column('helper_phone', trainer.models.types.EncryptedText(), nullable=True),
    sa.Column('helper_relation', sa.Enum('cadre', 'family', 'neighbour', 'other', name='helperrelation', native_enum=False, length=32), nullable=True),
    sa.Column('notice_version', sa.String(length=20), nullable=False),
    sa.Column('nonce', sa.String(length=64), nullable=False),
    sa.Column('device', sa.String(length=16), nullable=False),
    sa.Column('at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=True),
    sa.Column('settled_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('settled_by', sa.Integer(), nullable=True),
    sa.Column('told_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('told_by', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_sign_ups_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolments.id'], name=op.f('fk_sign_ups_enrolment_id_enrolments')),
    sa.ForeignKeyConstraint(['region_code'], ['regions.code'], name=op.f('fk_sign_ups_region_code_regions')),
    sa.ForeignKeyConstraint(['settled_by'], ['accounts.id'], name=op.f('fk_sign_ups_settled_by_accounts')),
    sa.ForeignKeyConstraint(['told_by'], ['accounts.id'], name=op.f('fk_sign_ups_told_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_ups')),
    sa.UniqueConstraint('code_index', name=op.f('uq_sign_ups_code_index')),
    sa.UniqueConstraint('nonce', name=op.f('uq_sign_ups_nonce'))
    )
    with op.batch_alter_table('sign_ups', schema=None) as batch_op:
        batch_op.create_index('ix_sign_ups_cohort_state', ['cohort_id', 'state', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sign_ups_enrolment_id'), ['enrolment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sign_ups_id_number_index'), ['id_number_index'], unique=False)
        batch_op.create_index('ix_sign_ups_phone', ['phone_index'], unique=False)

    op.create_table('assessment_scores',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('score', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessments.id'], name=op.f('fk_assessment_scores_assessment_id_assessments')),
    sa.ForeignKeyConstraint(['by'], ['accounts.id'], name=op.f('fk_assessment_scores_by_accounts')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolments.id'], name=op.f('fk_assessment_scores_enrolment_id_enrolments')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_scores'))
    )
    with op.batch_alter_table('assessment_scores', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assessment_scores_enrolment_id'), ['enrolment_id'], unique=False)
        batch_op.create_index('ix_assessment_scores_one', ['assessment_id', 'enrolment_id', 'id'], unique=False)

    op.create_table('certificates',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('series_id', sa.Integer(), nullable=True),
    sa.Column('serial', sa.Integer(), nullable=True),
    sa.Column('number', sa.String(length=60), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('valid', 'replaced', 'revoked', name='certificatestate', native_enum=False, length=32), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('content', trainer.models.types.EncryptedText(), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('issued_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('issued_by', sa.Integer(), nullable=True),
    sa.Column('exception_id', sa.Integer(), nullable=True),
    sa.Column('replaces_id', sa.Integer(), nullable=True),
    sa.Column('ended_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('ended_by', sa.Integer(), nullable=True),
    sa.Column('end_reason', trainer.models.types.EncryptedText(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('(series_id IS NULL) = (serial IS NULL)', name=op.f('ck_certificates_series')),
    sa.ForeignKeyConstraint(['ended_by'], ['accounts.id'], name=op.f('fk_certificates_ended_by_accounts')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolments.id'], name=op.f('fk_certificates_enrolment_id_enrolments')),
    sa.ForeignKeyConstraint(['exception_id'], ['completion_exceptions.id'], name=op.f('fk_certificates_exception_id_completion_exceptions')),
    sa.ForeignKeyConstraint(['issued_by'], ['accounts.id'], name=op.f('fk_certificates_issued_by_accounts')),
    sa.ForeignKeyConstraint(['replaces_id'], ['certificates.id'], name=op.f('fk_certificates_replaces_id_certificates')),
    sa.ForeignKeyConstraint(['series_id'], ['certificate_series.id'], name=op.f('fk_certificates_series_id_certificate_series')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificates')),
    sa.UniqueConstraint('number', name=op.f('uq_certificates_number')),
    sa.UniqueConstraint('replaces_id', name=op.f('uq_certificates_replaces_id')),
    sa.UniqueConstraint('series_id', 'serial', name=op.f('uq_certificates_series_id_serial'))
    )
    with op.batch_alter_table('certificates', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_certificates_enrolment_id'), ['enrolment_id'], unique=False)
        batch_op.create_index('uq_certificates_valid', ['enrolment_id'], unique=True, sqlite_where=sa.text("state = 'valid'"), postgresql_where=sa.text("state = 'valid'"))

    op.create_table('hand_ins',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_task_id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('handed_in', 'passed', 'sent_back', 'taken_back', name='handinstate', native_enum=False, length=32), nullable=False),
    sa.Column('words', trainer.models.types.EncryptedText(), nullable=True),
    sa.Column('link', trainer.models.types.EncryptedText(), nullable=True),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('minutes', sa.Integer(), nullable=True),
    sa.Column('helper_name', sa.String(length=60), nullable=True),
    sa.Column('nonce', sa.String(length=64), nullable=False),
    sa.Column('at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.Column('marked_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('marked_by', sa.Integer(), nullable=True),
    sa.Column('remark', trainer.models.types.EncryptedText(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['accounts.id'], name=op.f('fk_hand_ins_by_accounts')),
    sa.ForeignKeyConstraint(['course_task_id'], ['course_tasks.id'], name=op.f('fk_hand_ins_course_task_id_course_tasks')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolments.id'], name=op.f('fk_hand_ins_enrolment_id_enrolments')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_files.id'], name=op.f('fk_hand_ins_file_id_stored_files')),
    sa.ForeignKeyConstraint(['marked_by'], ['accounts.id'], name=op.f('fk_hand_ins_marked_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hand_ins')),
    sa.UniqueConstraint('course_task_id', 'enrolment_id', 'number', name=op.f('uq_hand_ins_course_task_id_enrolment_id_number')),
    sa.UniqueConstraint('nonce', name=op.f('uq_hand_ins_nonce'))
    )
    with op.batch_alter_table('hand_ins', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hand_ins_enrolment_id'), ['enrolment_id'], unique=False)
        batch_op.create_index('ix_hand_ins_state', ['state', 'id'], unique=False)

    op.create_table('rule_requirements',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('rule_id', sa.Integer(), nullable=False),
    sa.Column('lesson_id', sa.Integer(), nullable=True),
    sa.Column('course_task_id', sa.Integer(), nullable=True),
    sa.Column('assessment_id', sa.Integer(), nullable=True),
    sa.Column('min_score', sa.Integer(), nullable=True),
    sa.CheckConstraint('(CASE WHEN lesson_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN course_task_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN assessment_id IS NULL THEN 0 ELSE 1 END) = 1', name=op.f('ck_rule_requirements_one_thing')),
    sa.CheckConstraint('(assessment_id IS NULL) = (min_score IS NULL)', name=op.f('ck_rule_requirements_score_of_assessment')),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessments.id'], name=op.f('fk_rule_requirements_assessment_id_assessments')),
    sa.ForeignKeyConstraint(['course_task_id'], ['course_tasks.id'], name=op.f('fk_rule_requirements_course_task_id_course_tasks')),
    sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_rule_requirements_lesson_id_lessons')),
    sa.ForeignKeyConstraint(['rule_id'], ['completion_rules.id'], name=op.f('fk_rule_requirements_rule_id_completion_rules')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rule_requirements'))
    )
    with op.batch_alter_table('rule_requirements', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rule_requirements_assessment_id'), ['assessment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_rule_requirements_course_task_id'), ['course_task_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_rule_requirements_lesson_id'), ['lesson_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_rule_requirements_rule_id'), ['rule_id'], unique=False)

    op.create_table('service_entries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('mentoring', 'volunteering', 'peer_help', 'site_visit', 'other', name='servicekind', native_enum=False, length=32), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=True),
    sa.Column('words', trainer.models.types.EncryptedText(), nullable=True),
    sa.Column('evidence_id', sa.Integer(), nullable=True),
    sa.Column('nonce', sa.String(length=64), nullable=False),
    sa.Column('entered_at', trainer.models.types.UTCDateTime(timezone=True), nullable=False),
    sa.Column('entered_by', sa.Integer(), nullable=True),
    sa.Column('state', sa.Enum('proposed', 'approved', 'refused', 'taken_back', name='servicestate', native_enum=False, length=32), nullable=False),
    sa.Column('points', sa.Integer(), nullable=True),
    sa.Column('answer', trainer.models.types.EncryptedText(), nullable=True),
    sa.Column('decided_at', trainer.models.types.UTCDateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state <> 'approved' OR points IS NOT NULL", name=op.f('ck_service_entries_points')),
    sa.CheckConstraint('minutes > 0', name=op.f('ck_service_entries_minutes')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_service_entries_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['decided_by'], ['accounts.id'], name=op.f('fk_service_entries_decided_by_accounts')),
    sa.ForeignKeyConstraint(['entered_by'], ['accounts.id'], name=op.f('fk_service_entries_entered_by_accounts')),
    sa.ForeignKeyConstraint(['evidence_id'], ['stored_files.id'], name=op.f('fk_service_entries_evidence_id_stored_files')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_service_entries_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_entries')),
    sa.UniqueConstraint('nonce', name=op.f('uq_service_entries_nonce'))
    )
    with op.batch_alter_table('service_entries', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_service_entries_cohort_id'), ['cohort_id'], unique=False)
        batch_op.create_index('ix_service_entries_person', ['person_id', 'day'], unique=False)
        batch_op.create_index('ix_service_entries_state', ['state', 'id'], unique=False)

    with op.batch_alter_table('cohorts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('site_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('sign_up_opens_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('sign_up_closes_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('sign_up_note', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('collects_id_numbers', sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column('waitlist_moves_up', sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column('is_taken_over', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_index(batch_op.f('ix_cohorts_site_id'), ['site_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_cohorts_site_id_training_sites'), 'training_sites', ['site_id'], ['id'])
        batch_op.create_check_constraint(batch_op.f('ck_cohorts_sign_up'), "sign_up_closes_on >= sign_up_opens_on")

    with op.batch_alter_table('completion_rules', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reason', sa.String(length=200), server_default='', nullable=False))

    with op.batch_alter_table('enrolment_events', schema=None) as batch_op:
        batch_op.add_column(sa.Column('cause', sa.Enum('sign_up', 'staff', 'waitlist', 'transfer', 'roster', 'walk_in', 'begun', 'merge', 'completion', 'exception', 'taken_over', name='statuscause', native_enum=False, length=32), nullable=True))
        batch_op.add_column(sa.Column('rule_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('asked_by', sa.Enum('herself', 'family', 'staff', name='whoasked', native_enum=False, length=32), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_enrolment_events_rule_id_completion_rules'), 'completion_rules', ['rule_id'], ['id'])
        batch_op.drop_index('ix_enrolment_events_enrolment_id')
        batch_op.create_index('ix_enrolment_events_place', ['enrolment_id', 'at', 'status'], unique=False)

    with op.batch_alter_table('enrolments', schema=None) as batch_op:
        batch_op.add_column(sa.Column('transferred_from_id', sa.Integer(), nullable=True))
        batch_op.alter_column('seat_number',
               existing_type=sa.INTEGER(),
               nullable=True)
        batch_op.create_index(batch_op.f('ix_enrolments_transferred_from_id'), ['transferred_from_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_enrolments_transferred_from_id_enrolments'), 'enrolments', ['transferred_from_id'], ['id'])

    with op.batch_alter_table('import_batches', schema=None) as batch_op:
        batch_op.add_column(sa.Column('programme_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_import_batches_programme_id'), ['programme_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_import_batches_programme_id_programmes'), 'programmes', ['programme_id'], ['id'])
        batch_op.drop_constraint(batch_op.f('ck_import_batches_one_owner'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_import_batches_one_owner'), ONE_OWNER)

    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.Enum('farmer', 'returnee', 'shopkeeper', 'community_worker', 'medical_worker', 'cadre', 'other', name='personkind', native_enum=False, length=32), nullable=True))
        batch_op.add_column(sa.Column('site_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('merged_into_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_people_merged_into_id'), ['merged_into_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_people_site_id'), ['site_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_people_site_id_training_sites'), 'training_sites', ['site_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_people_merged_into_id_people'), 'people', ['merged_into_id'], ['id'])


def downgrade():
    refuse_to_lose()
    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_people_merged_into_id_people'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_people_site_id_training_sites'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_people_site_id'))
        batch_op.drop_index(batch_op.f('ix_people_merged_into_id'))
        batch_op.drop_column('merged_into_id')
        batch_op.drop_column('site_id')
        batch_op.drop_column('kind')

    with op.batch_alter_table('import_batches', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_import_batches_programme_id_programmes'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('ck_import_batches_one_owner'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_import_batches_one_owner'), ONE_OWNER_BEFORE)
        batch_op.drop_index(batch_op.f('ix_import_batches_programme_id'))
        batch_op.drop_column('programme_id')

    with op.batch_alter_table('enrolments', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_enrolments_transferred_from_id_enrolments'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_enrolments_transferred_from_id'))
        batch_op.alter_column('seat_number',
               existing_type=sa.INTEGER(),
               nullable=False)
        batch_op.drop_column('transferred_from_id')

    with op.batch_alter_table('enrolment_events', schema=None) as batch_op:
        batch_op.drop_index('ix_enrolment_events_place')
        batch_op.create_index('ix_enrolment_events_enrolment_id', ['enrolment_id'], unique=False)
        batch_op.drop_constraint(batch_op.f('fk_enrolment_events_rule_id_completion_rules'), type_='foreignkey')
        batch_op.drop_column('asked_by')
        batch_op.drop_column('rule_id')
        batch_op.drop_column('cause')

    with op.batch_alter_table('completion_rules', schema=None) as batch_op:
        batch_op.drop_column('reason')

    with op.batch_alter_table('cohorts', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_cohorts_site_id_training_sites'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('ck_cohorts_sign_up'), type_='check')
        batch_op.drop_index(batch_op.f('ix_cohorts_site_id'))
        batch_op.drop_column('is_taken_over')
        batch_op.drop_column('waitlist_moves_up')
        batch_op.drop_column('collects_id_numbers')
        batch_op.drop_column('sign_up_note')
        batch_op.drop_column('sign_up_closes_on')
        batch_op.drop_column('sign_up_opens_on')
        batch_op.drop_column('site_id')

    with op.batch_alter_table('service_entries', schema=None) as batch_op:
        batch_op.drop_index('ix_service_entries_state')
        batch_op.drop_index('ix_service_entries_person')
        batch_op.drop_index(batch_op.f('ix_service_entries_cohort_id'))

    op.drop_table('service_entries')
    with op.batch_alter_table('rule_requirements', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_rule_requirements_rule_id'))
        batch_op.drop_index(batch_op.f('ix_rule_requirements_lesson_id'))
        batch_op.drop_index(batch_op.f('ix_rule_requirements_course_task_id'))
        batch_op.drop_index(batch_op.f('ix_rule_requirements_assessment_id'))

    op.drop_table('rule_requirements')
    with op.batch_alter_table('hand_ins', schema=None) as batch_op:
        batch_op.drop_index('ix_hand_ins_state')
        batch_op.drop_index(batch_op.f('ix_hand_ins_enrolment_id'))

    op.drop_table('hand_ins')
    with op.batch_alter_table('certificates', schema=None) as batch_op:
        batch_op.drop_index('uq_certificates_valid', sqlite_where=sa.text("state = 'valid'"), postgresql_where=sa.text("state = 'valid'"))
        batch_op.drop_index(batch_op.f('ix_certificates_enrolment_id'))

    op.drop_table('certificates')
    with op.batch_alter_table('assessment_scores', schema=None) as batch_op:
        batch_op.drop_index('ix_assessment_scores_one')
        batch_op.drop_index(batch_op.f('ix_assessment_scores_enrolment_id'))

    op.drop_table('assessment_scores')
    with op.batch_alter_table('sign_ups', schema=None) as batch_op:
        batch_op.drop_index('ix_sign_ups_phone')
        batch_op.drop_index(batch_op.f('ix_sign_ups_id_number_index'))
        batch_op.drop_index(batch_op.f('ix_sign_ups_enrolment_id'))
        batch_op.drop_index('ix_sign_ups_cohort_state')

    op.drop_table('sign_ups')
    op.drop_table('service_tariffs')
    with op.batch_alter_table('person_merges', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_person_merges_kept_id'))
        batch_op.drop_index(batch_op.f('ix_person_merges_gone_id'))

    op.drop_table('person_merges')
    with op.batch_alter_table('honours', schema=None) as batch_op:
        batch_op.drop_index('ix_honours_year')
        batch_op.drop_index(batch_op.f('ix_honours_person_id'))

    op.drop_table('honours')
    op.drop_table('feedback_given')
    with op.batch_alter_table('distinct_pairs', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_distinct_pairs_second_id'))

    op.drop_table('distinct_pairs')
    with op.batch_alter_table('course_tasks', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_course_tasks_cohort_id'))

    op.drop_table('course_tasks')
    with op.batch_alter_table('completion_exceptions', schema=None) as batch_op:
        batch_op.drop_index('uq_completion_exceptions_live', sqlite_where=sa.text("state IN ('proposed', 'approved')"), postgresql_where=sa.text("state IN ('proposed', 'approved')"))
        batch_op.drop_index('ix_completion_exceptions_state')
        batch_op.drop_index(batch_op.f('ix_completion_exceptions_enrolment_id'))

    op.drop_table('completion_exceptions')
    with op.batch_alter_table('assessments', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assessments_cohort_id'))

    op.drop_table('assessments')
    with op.batch_alter_table('feedback_answers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_feedback_answers_cohort_id'))

    op.drop_table('feedback_answers')
    with op.batch_alter_table('training_sites', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_training_sites_parent_id'))

    op.drop_table('training_sites')
    op.drop_table('certificate_series')
