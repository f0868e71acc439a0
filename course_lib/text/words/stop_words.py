"""Stop words of English and Chinese (停用词): frequent words that say little about the subject.

How the two lists were made: from words of the closed classes (articles, pronouns, prepositions,
conjunctions, auxiliaries, particles, adverbs of degree and time), we took those among the most
frequent of an encyclopaedia and of jieba's dictionary, completed the paradigms (*am*, *is*, *are*),
and threw out by hand what carries a subject (*American*, 中国). ``frequent_words`` does the first
step for a corpus of your own.

**Negations are no stop words** (否定词). *not good* without its *not* is praise, and 不好 is 好:
they stand in ``NEGATIONS``, in neither list, and ``remove_stop_words`` keeps them unless it is told
otherwise. Source of the idea: Luhn, 1958, https://doi.org/10.1147/rd.22.0159.

>>> remove_stop_words(["This", "is", "not", "a", "good", "film"])
['not', 'good', 'film']
>>> remove_stop_words(["这", "部", "电影", "不", "好"])
['部', '电影', '不', '好']
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from course_lib.errors import InputError
from course_lib.text.words.frequencies import document_frequencies
from course_lib.text.words.normalisation import half_width


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ENGLISH_STOP_WORDS = _words("""
a an the this that these those such same other another each every all both any some either one ones
i me my mine myself you your yours yourself yourselves he him his himself she her hers herself
it its itself we us our ours ourselves they them their theirs themselves oneself
who whom whose which what whatever whoever whichever when whenever where wherever why how however
of in on at by to from with for as into onto upon over under above below up down out off between
among amongst through throughout during before after since until till against about around across
along behind beside besides beyond within toward towards near per via
and or but so if while whereas because though although than whether unless once lest yet
am is are was were be been being have has had having do does did doing done
can could may might must shall should will would ought let
i'm i've i'd i'll you're you've you'd you'll he's he'd he'll she's she'd she'll it's it'd it'll
we're we've we'd we'll they're they've they'd they'll that's there's here's who's what's where's
let's 's 're 've 'm 'd 'll
here there then thus hence therefore also only just even still too very much many more most own
quite rather almost again already ever often now else etc e.g. i.e.
""")

CHINESE_STOP_WORDS = _words("""
的 地 得 之 了 着 过 所 等 等等 者 们 似的 般 来说 而言 的话 吗 呢 吧 啊 呀 啦 嘛 么 哩 哦 嗯 而已
我 你 您 他 她 它 我们 你们 他们 她们 它们 咱 咱们 自己 本身 自身 别人 他人 大家 人们 各自
这 那 此 该 本 其 某 各 每 另 这个 那个 这些 那些 这样 那样 这种 那种 这里 那里 这儿 那儿 这么 那么
这次 这时 那时 此时 此次 这位 如此 其他 其它 其中 其余 有些 某些 各种 各个 每个 之一 之类
谁 什么 哪 哪个 哪些 哪里 哪儿 何 如何 为何 为什么 怎么 怎样 怎么样 多么 几 多少
在 于 从 自 自从 由 以 为 为了 对 对于 关于 至于 向 往 朝 到 至 给 被 把 将 比 跟 与 同 和 及 以及
用 按 按照 依 依据 依照 根据 据 凭 因 通过 经过 随着 除 除了 针对 替 让 使
或 或者 还是 而 而且 并 并且 但 但是 可是 然而 不过 因为 由于 所以 因此 因而 从而 于是 如果 若 要是
假如 倘若 虽然 虽 尽管 即使 即便 既 既然 只要 只有 无论 不论 不管 不仅 不但 甚至 何况 否则 此外 另外
同时 然后 接着 随后 此后 之后 之前 以后 以前 之间 之中 以便 其次 首先 以上 以下
是 有 就 就是 也 都 又 还 还有 再 才 却 则 便 即 亦 只 只是 仅 仅仅 已 已经 曾 曾经 正 正在 正是
刚 刚刚 仍 仍然 依然 一直 总是 常 常常 经常 通常 先 最 更 更加 很 太 非常 十分 比较 较 相当 极 极其
几乎 约 大约 大概 也许 似乎 当然 其实 的确 竟 竟然 居然 终于 果然 毕竟 究竟 到底 尤其 特别 一样
一些 一个 一种 一下 一边 起来 出来 上 下 中 里 内 外 前 后 时 当 会 能 可 可以 可能 应 应该 要
""")

ENGLISH_NEGATIONS = _words("""
no not nor never none nobody nothing nowhere neither without cannot hardly scarcely barely
n't ain't aren't can't couldn't daren't didn't doesn't don't hadn't hasn't haven't isn't mayn't
mightn't mustn't needn't oughtn't shan't shouldn't wasn't weren't won't wouldn't
""")
CHINESE_NEGATIONS = _words("""
不 没 没有 无 非 未 别 勿 莫 毋 否 不是 不能 不会 不要 不可 不可以 不应 不该 不得 不必 不用 不许
不再 不曾 不到 不足 从不 从未 并不 并非 并未 尚未 未必 未能 未曾 毫不 毫无 绝不 决不 无法 无须 难以
""")

STOP_WORDS = ENGLISH_STOP_WORDS | CHINESE_STOP_WORDS
NEGATIONS = ENGLISH_NEGATIONS | CHINESE_NEGATIONS


def remove_stop_words(
    tokens: Iterable[str],
    words: Collection[str] = STOP_WORDS,
    keep: Collection[str] = NEGATIONS,
) -> list[str]:
    """Return the tokens that are not in ``words``, in order and spelt as they came.

    Upper case, full-width letters and the curly apostrophe make no difference (*Ｔｈｅ*, *It’s*).
    What is in ``keep`` stays even where it is in ``words``: most published lists hold *not*.

    >>> remove_stop_words(["Ｔｈｅ", "cat", "isn’t", "HERE"])
    ['cat', 'isn’t']
    >>> remove_stop_words(["not", "good"], words={"not"}, keep=())
    ['good']
    """
    dropped = frozenset(map(_key, words)) - frozenset(map(_key, keep))
    return [token for token in tokens if _key(token) not in dropped]


def frequent_words(
    documents: Iterable[Iterable[str]], share: float | int, keep: Collection[str] = NEGATIONS
) -> list[str]:
    """Return the words that occur in at least ``share`` of the documents, the commonest first.

    A list of stop words made of one's own texts: words of every document tell none from another.
    Look through it before use, since a collection on one subject has that subject in every text.
    Raises ``InputError`` when ``share`` is not above 0 and at most 1.

    >>> frequent_words([["the", "cat"], ["The", "dog", "not"], ["the", "not", "cat"]], share=2 / 3)
    ['the', 'cat']
    """
    if not 0 < share <= 1:
        raise InputError("the share of documents", expected="above 0, at most 1", got=share)
    texts = [set(map(_key, document)) for document in documents]
    least = share * len(texts) - 1e-9  # 2/3 of three documents are two
    kept = frozenset(map(_key, keep))
    counts = document_frequencies(texts)
    return [word for word, count in counts.items() if count >= least and word not in kept]


def _key(token: str) -> str:
    """What is compared: half width, lower case, straight apostrophe."""
    return half_width(token).lower().replace("’", "'")
