def answer():
    import git

    return str(git.Git().version_info[0])
