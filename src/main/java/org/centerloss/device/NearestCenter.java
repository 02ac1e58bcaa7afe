package org.centerloss.device;

/**
 * For each sample the class whose center is nearest, the lowest index among equals.
 *
 * <p>Shapes: x [m, d]; centers [C, d]; prediction [m]; squaredDistance [m].
 */
public interface NearestCenter extends Op {
    void forward(Tensor x, Tensor centers, IntTensor prediction, Tensor squaredDistance);
}
