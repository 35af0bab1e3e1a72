"""`python -m brightspot_local.boards`: write the dashboards' files anew."""

from brightspot_local.boards.files import files

if __name__ == "__main__":
    for path, text in files().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
