import click


@click.command()
@click.argument("word", default="time")
def main(word):
    click.echo(f"{word} rhymes with rhyme")
