"""All wrong programs that were written apart from the kit: one flaw each, and the rules that must speak."""

from tests.clients.strangers.stated.csharp import CSHARP
from tests.clients.strangers.stated.go import GO
from tests.clients.strangers.stated.java import JAVA
from tests.clients.strangers.stated.node import NODE
from tests.clients.strangers.stated.perl import PERL
from tests.clients.strangers.stated.php import PHP
from tests.clients.strangers.stated.python import PYTHON
from tests.clients.strangers.stated.ruby import RUBY
from tests.clients.strangers.stated.shell import SHELL

WRONG = (*CSHARP, *GO, *JAVA, *NODE, *PERL, *PHP, *PYTHON, *RUBY, *SHELL)
