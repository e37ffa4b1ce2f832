import tempfile

import git

with tempfile.TemporaryDirectory() as folder:
    repository = git.Repo.init(folder, initial_branch="main")
    author = git.Actor("Ada", "ada@example.org")
    repository.index.commit("first", author=author, committer=author)
    print(repository.active_branch, repository.head.commit.message)
