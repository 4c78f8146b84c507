text = "own"
