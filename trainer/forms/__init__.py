"""What people type, read and checked: WTForms with Chinese messages."""
