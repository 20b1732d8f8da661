import pytest

from xingtu_cli.shell import quoted


def test_words_are_quoted_for_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["xingtu", "--company", "某某（北京）公司", "--nickname", "小明", "a b", "it's", ""]
    assert (
        quoted(words) == "xingtu --company '某某（北京）公司' --nickname 小明 'a b' 'it'\"'\"'s' ''"
    )
    monkeypatch.setattr("os.name", "nt")
    assert quoted(["a b", "小明"]) == '"a b" 小明'
