package org.centerloss.verify.op;

import java.util.ArrayList;
import java.util.List;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Convolution;
import org.centerloss.verify.Tolerance;

public record ConvolutionCase(Convolution.Shape of, boolean inputGradient) implements OpCase {
    public static List<OpCase> all() {
        int[][] channels = {
            {1, 1}, {1, 16}, {2, 3}, {3, 17}, {5, 2}, {16, 16}, {16, 33}, {17, 5}, {33, 1}, {33, 17}
        };
        int[][] windows = {{1, 1, 0}, {1, 2, 0}, {3, 1, 0}, {3, 1, 1}, {3, 2, 0}, {3, 2, 1}};
        int[][] sides = {{5, 7}, {8, 6}, {9, 9}, {3, 4}};
        List<OpCase> cases = new ArrayList<>();
        for (int[] pair : channels) {
            for (int[] window : windows) {
                int index = cases.size();
                int[] side = sides[index % sides.length];
                cases.add(
                        new ConvolutionCase(
                                new Convolution.Shape(
                                        1 + index % 3,
                                        pair[0],
                                        side[0],
                                        side[1],
                                        pair[1],
                                        window[0],
                                        window[1],
                                        window[2]),
                                true));
            }
        }
        cases.add(new ConvolutionCase(new Convolution.Shape(2, 1, 28, 28, 16, 3, 1, 0), false));
        cases.add(new ConvolutionCase(new Convolution.Shape(2, 3, 9, 7, 33, 3, 2, 1), false));
        cases.add(new ConvolutionCase(new Convolution.Shape(1, 2, 3, 3, 2, 3, 1, 0), true));
        cases.add(new ConvolutionCase(new Convolution.Shape(33, 16, 7, 7, 32, 3, 1, 1), true));
        cases.addAll(residualNetworks());
        return cases;
    }

    /** The windows of ResNet-18 to ResNet-152 and their relatives, with a bias and without. */
    private static List<OpCase> residualNetworks() {
        int[][] windows = {
            {7, 2, 3}, {5, 1, 2}, {5, 2, 2}, {3, 1, 1}, {3, 2, 1}, {1, 1, 0}, {1, 2, 0}
        };
        int[][] images = {{1, 3, 1, 1, 2}, {2, 3, 13, 15, 17}, {3, 17, 8, 7, 31}, {1, 33, 7, 9, 1}};
        List<OpCase> cases = new ArrayList<>();
        for (int[] window : windows) {
            for (int[] image : images) {
                Convolution.Shape shape =
                        new Convolution.Shape(
                                image[0], image[1], image[2], image[3], image[4], window[0],
                                window[1], window[2]);
                cases.add(new ConvolutionCase(shape, true));
                cases.add(new ConvolutionCase(shape.withoutBias(), true));
            }
        }
        cases.add(
                new ConvolutionCase(
                        new Convolution.Shape(2, 3, 32, 32, 16, 7, 2, 3).withoutBias(), false));
        return cases;
    }

    @Override
    public String op() {
        return "convolution";
    }

    @Override
    public String shape() {
        return "%d×%d×%d×%d → %d, window %d, stride %d, padding %d%s%s"
                .formatted(
                        of.batch(),
                        of.inChannels(),
                        of.height(),
                        of.width(),
                        of.outChannels(),
                        of.kernel(),
                        of.stride(),
                        of.padding(),
                        of.bias() ? "" : ", no bias",
                        inputGradient ? "" : ", no dx");
    }

    private int window() {
        return of.inChannels() * of.kernel() * of.kernel();
    }

    private int outPixels() {
        return of.batch() * of.outHeight() * of.outWidth();
    }

    @Override
    public Inputs draw(RandomInputs draw) {
        int weights = of.outChannels() * window();
        Inputs inputs =
                new Inputs()
                        .put(
                                "x",
                                draw.normal(
                                        of.batch() * of.inChannels() * of.height() * of.width()))
                        .put("weight", draw.normal(weights, 0, Math.sqrt(2.0 / window())));
        if (of.bias()) {
            inputs.put("bias", draw.normal(of.outChannels()));
        }
        return inputs.put("dy", draw.normal(outPixels() * of.outChannels()));
    }

    @Override
    public void run(OpRun stage, Inputs inputs) {
        int k = of.kernel();
        Convolution convolution = stage.own(stage.device().convolution(of));
        Tensor x =
                stage.activation(
                        inputs.numbers("x"), of.batch(), of.inChannels(), of.height(), of.width());
        Tensor dy =
                stage.activation(
                        inputs.numbers("dy"),
                        of.batch(),
                        of.outChannels(),
                        of.outHeight(),
                        of.outWidth());
        Tensor weight =
                stage.plain(inputs.numbers("weight"), of.outChannels(), of.inChannels(), k, k);
        Tensor bias = of.bias() ? stage.plain(inputs.numbers("bias"), of.outChannels()) : null;
        Tensor y =
                stage.emptyActivation(of.batch(), of.outChannels(), of.outHeight(), of.outWidth());
        convolution.forward(x, weight, bias, y);
        stage.put("y", y, Tolerance.sum(window()).withTerms(1));

        Tensor dx =
                inputGradient
                        ? stage.emptyActivation(
                                of.batch(), of.inChannels(), of.height(), of.width())
                        : null;
        Tensor dWeight = stage.emptyPlain(of.outChannels(), of.inChannels(), k, k);
        Tensor dBias = of.bias() ? stage.emptyPlain(of.outChannels()) : null;
        convolution.backward(x, dy, weight, dx, dWeight, dBias);
        if (inputGradient) {
            stage.put("dx", dx, Tolerance.sum((long) of.outChannels() * k * k).withTerms(1));
        }
        stage.put("dWeight", dWeight, Tolerance.randomSum(outPixels()));
        if (of.bias()) {
            stage.put("dBias", dBias, Tolerance.randomSum(outPixels()));
        }
    }

    @Override
    public List<Derivative> derivatives() {
        List<Derivative> derivatives = new ArrayList<>();
        if (inputGradient) {
            derivatives.add(Derivative.of("x", "dx", "y", "dy"));
        }
        derivatives.add(Derivative.of("weight", "dWeight", "y", "dy"));
        if (of.bias()) {
            derivatives.add(Derivative.of("bias", "dBias", "y", "dy"));
        }
        return derivatives;
    }
}
