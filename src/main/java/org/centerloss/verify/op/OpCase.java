package org.centerloss.verify.op;

import java.util.List;

/** One operation at one shape, with inputs drawn from a seed. */
public interface OpCase {
    /** The operation's name. */
    String op();

    /** The shape, and what is special about the inputs. */
    String shape();

    Inputs draw(RandomInputs draw);

    /**
     * Whether every device must come to the same decisions with these inputs: no margin, tie or
     * kink so near that float32 and float64 may fall on different sides. Inputs of ReLUs are looked
     * after elsewhere.
     */
    default boolean decisive(Inputs inputs) {
        return true;
    }

    /** A case of an operation that can be computed in other ways. */
    interface Compared extends OpCase {
        /**
         * Whether the composed way is known to lose digits with these inputs: an expanded distance
         * far from the origin is the small difference of large numbers, and a logarithm of 1 + s
         * forgets a tiny s.
         */
        boolean composedLosesDigits();
    }

    /** Runs the operation and puts its results. */
    void run(OpRun stage, Inputs inputs);

    /** The derivatives among the results, for finite differences. */
    default List<Derivative> derivatives() {
        return List.of();
    }

    /**
     * A result that is the gradient of another: gradient = ∂⟨cotangent, value⟩/∂input.
     *
     * @param input the name of the input
     * @param gradient the result that claims to be the gradient
     * @param value the result that is differentiated
     * @param cotangent the input that weighs the elements of {@code value}; null for {@code scale}
     * @param scale weight of a {@code value} of one element where {@code cotangent} is null
     * @param initial the input that the gradient was added to; null where it overwrites
     */
    record Derivative(
            String input,
            String gradient,
            String value,
            String cotangent,
            double scale,
            String initial) {
        static Derivative of(String input, String gradient, String value, String cotangent) {
            return new Derivative(input, gradient, value, cotangent, 1, null);
        }

        static Derivative ofLoss(
                String input, String gradient, String value, double scale, String initial) {
            return new Derivative(input, gradient, value, null, scale, initial);
        }
    }
}
