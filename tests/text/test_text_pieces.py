"""Texts become piece ids, the same before and after saving."""

from promisecheck.text.pieces import END, START, UNKNOWN, Pieces

PIECES = Pieces(
    [("<pad>", 0.0), ("<s>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁vi", -2.0), ("▁svarer", -3.0), ("▁", -4.0), ("s", -5.0), ("v", -5.0), ("i", -5.0)],
    {0x00A0: " ", 0x2160: "I"},
)  # fmt: skip


def test_words_become_pieces_between_start_and_end():
    assert PIECES.encode(["vi svarer"], 10) == [[START, 4, 5, END]]


def test_spaces_of_any_kind_and_number_count_once():
    assert PIECES.encode(["  vi \u00a0 svarer "], 10) == PIECES.encode(["vi svarer"], 10)


def test_what_no_piece_spells_is_unknown():
    assert UNKNOWN in PIECES.encode(["vi Ж"], 10)[0]


def test_a_long_text_is_cut_and_still_ends():
    ids = PIECES.encode(["vi " * 50], 8)[0]
    assert len(ids) == 8
    assert ids[-1] == END


def test_a_pair_cuts_the_second_text_first():
    ids = PIECES.encode_pairs([("vi svarer", "vi " * 50)], 12)[0]
    assert ids[:5] == [START, 4, 5, END, END]
    assert len(ids) == 12


def test_saved_pieces_cut_alike(tmp_path):
    PIECES.save(tmp_path / "pieces.json")
    again = Pieces.load(tmp_path / "pieces.json")
    assert again.encode(["vi svarer svi"], 20) == PIECES.encode(["vi svarer svi"], 20)
