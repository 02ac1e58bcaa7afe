package org.centerloss.device.op;

import java.util.Arrays;
import org.centerloss.device.Device;
import org.centerloss.device.Tensor;

/**
 * The parametric rectifier with one slope for all elements, PyTorch's {@code
 * PReLU(num_parameters=1)}: y = x &gt; 0 ? x : slope · x. Source: He et al. 2015, "Delving deep
 * into rectifiers".
 *
 * <p>Shapes: x, y and their gradients are {@linkplain Device#activation activations} [n, c, h, w]
 * or plain tensors [m, features], as the operation was made for; slope and dSlope are plain tensors
 * [1]. A value that is not a number stays one.
 */
public interface Prelu extends Op {
    /** A copy of the shape; {@link IllegalArgumentException} where x cannot have it. */
    static int[] checkedShape(int... shape) {
        if (shape.length != 2 && shape.length != 4 || Arrays.stream(shape).anyMatch(s -> s < 1)) {
            throw new IllegalArgumentException(
                    "prelu: expected 2 sizes, or 4 for an activation, of at least 1, found "
                            + Arrays.toString(shape));
        }
        return shape.clone();
    }

    /** {@code y} may be {@code x}. */
    void forward(Tensor x, Tensor slope, Tensor y);

    /**
     * Overwrites dx = x &gt; 0 ? dy : slope · dy and dSlope = Σ x · dy over the elements with x ≤
     * 0.
     *
     * @param dx may be dy
     */
    void backward(Tensor x, Tensor dy, Tensor slope, Tensor dx, Tensor dSlope);
}
