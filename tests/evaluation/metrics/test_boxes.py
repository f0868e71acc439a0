import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, jaccard_score

from course_lib.errors import InputError, ShapeError
from course_lib.evaluation import metrics
from course_lib.evaluation.metrics import Detections

BOX = st.tuples(*[st.integers(0, 6)] * 4).map(
    lambda b: [min(b[0], b[2]), min(b[1], b[3]), max(b[0], b[2]), max(b[1], b[3])]
)


def painted(box):
    canvas = np.zeros((6, 6), bool)
    canvas[box[1] : box[3], box[0] : box[2]] = True
    return canvas


@given(st.lists(BOX, min_size=1, max_size=3), st.lists(BOX, min_size=1, max_size=3))
def test_the_overlap_of_boxes_is_that_of_their_pixels(first, second):
    overlaps = metrics.box_iou(first, second)
    for row, one in enumerate(first):
        for column, other in enumerate(second):
            pixels = painted(one), painted(other)
            either = (pixels[0] | pixels[1]).sum()
            shared = (pixels[0] & pixels[1]).sum() / either if either else 0.0
            assert overlaps[row, column] == pytest.approx(shared)


def test_the_overlap_of_masks_is_jaccards():
    rng = np.random.default_rng(0)
    one, other = rng.random((2, 5, 7)) < 0.5
    assert metrics.mask_iou(one, other) == pytest.approx(jaccard_score(other.ravel(), one.ravel()))
    assert metrics.mask_iou([[0]], [[0]]) == 1.0


def test_average_precision_by_hand():
    truth = [[[0, 0, 2, 2], [4, 4, 6, 6]], [[1, 1, 3, 3]]]
    found = [
        Detections([[0, 0, 2, 2], [8, 8, 9, 9], [0, 0, 2, 2]], [0.9, 0.8, 0.3]),
        Detections([[1, 1, 3, 3]], [0.7]),
    ]
    # hit, false alarm, hit, a second time the same: precisions 1, 1/2, 2/3 at recalls 1/3, 2/3
    assert metrics.detection_average_precision(found, truth) == pytest.approx((1 + 2 / 3) / 3)


def test_a_detector_that_finds_all_and_more_is_judged_by_its_order():
    boxes = [[i * 10, 0, i * 10 + 5, 5] for i in range(6)]
    found = Detections(boxes, [0.9, 0.8, 0.7, 0.6, 0.5, 0.4])
    truth = np.array([1, 1, 0, 1, 0, 0], bool)
    got = metrics.detection_average_precision([found], [np.array(boxes)[truth]])
    steps = average_precision_score(truth, found.scores)
    assert got >= steps - 1e-12  # the best precision at that recall or beyond


def test_nothing_found_is_nothing_reached():
    assert metrics.detection_average_precision([Detections([], [])], [[[0, 0, 1, 1]]]) == 0.0


def test_bad_boxes_get_a_sentence():
    with pytest.raises(InputError, match="left ≤ right"):
        metrics.box_iou([[2, 0, 1, 1]], [[0, 0, 1, 1]])
    with pytest.raises(ShapeError, match="left, top"):
        metrics.box_iou([[0, 0, 1]], [[0, 0, 1, 1]])
    with pytest.raises(InputError, match="NaN"):
        metrics.box_iou([[0, 0, 1, np.nan]], [[0, 0, 1, 1]])
    with pytest.raises(ShapeError, match="masks"):
        metrics.mask_iou([[1]], [[1, 0]])
    with pytest.raises(InputError, match="at least one box"):
        metrics.detection_average_precision([Detections([], [])], [[]])
    with pytest.raises(ShapeError, match="images"):
        metrics.detection_average_precision([], [[[0, 0, 1, 1]]])
    with pytest.raises(ShapeError, match="scores"):
        metrics.detection_average_precision([Detections([[0, 0, 1, 1]], [])], [[[0, 0, 1, 1]]])
