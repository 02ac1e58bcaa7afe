package org.centerloss.peer;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.BatchNorm2dImpl;
import org.bytedeco.pytorch.BatchNormOptions;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Conv2dOptions;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.LinearOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/** The network of {@link org.centerloss.nn.ResNet}, one block a group, in libtorch. */
final class LibtorchNetwork {
    private static final int[] CHANNELS = {16, 32, 32, 64, 64, 128};
    private static final int[] STRIDES = {1, 2, 1, 2, 1};

    private final TensorVector parameters = new TensorVector();
    private final List<BatchNorm2dImpl> norms = new ArrayList<>();
    private final Conv2dImpl stem;
    private final List<Block> blocks = new ArrayList<>();
    private final BatchNorm2dImpl lastNorm;
    private final LinearImpl fc1;

    LibtorchNetwork(int channels, int features) {
        stem = convolution(channels, CHANNELS[0], 3, 1, 0);
        for (int i = 0; i < STRIDES.length; i++) {
            blocks.add(new Block(CHANNELS[i], CHANNELS[i + 1], STRIDES[i]));
        }
        lastNorm = norm(CHANNELS[STRIDES.length]);
        fc1 = new LinearImpl(new LinearOptions(CHANNELS[STRIDES.length], features));
        own(fc1.parameters());
    }

    private void own(TensorVector tensors) {
        for (long i = 0; i < tensors.size(); i++) {
            parameters.push_back(tensors.get(i));
        }
    }

    private Conv2dImpl convolution(int in, int out, int side, int stride, int padding) {
        Conv2dOptions options = new Conv2dOptions(in, out, square(side));
        options.stride().put(square(stride));
        options.padding().put(square(padding));
        Conv2dImpl convolution = new Conv2dImpl(options);
        own(convolution.parameters());
        return convolution;
    }

    private static LongPointer square(long side) {
        return new LongPointer(side, side);
    }

    private BatchNorm2dImpl norm(int channels) {
        BatchNorm2dImpl norm = new BatchNorm2dImpl(new BatchNormOptions(channels));
        own(norm.parameters());
        norms.add(norm);
        return norm;
    }

    private final class Block {
        private final BatchNorm2dImpl norm1;
        private final Conv2dImpl convolution1;
        private final BatchNorm2dImpl norm2;
        private final Conv2dImpl convolution2;
        private final Conv2dImpl skip;

        Block(int in, int out, int stride) {
            norm1 = norm(in);
            convolution1 = convolution(in, out, 3, stride, 1);
            norm2 = norm(out);
            convolution2 = convolution(out, out, 3, 1, 1);
            skip = in == out && stride == 1 ? null : convolution(in, out, 1, stride, 0);
        }

        Tensor forward(Tensor x) {
            Tensor activated = norm1.forward(x).relu_();
            Tensor inner = norm2.forward(convolution1.forward(activated)).relu_();
            return convolution2.forward(inner).add(skip == null ? x : skip.forward(activated));
        }
    }

    /** What the optimiser moves. */
    TensorVector parameters() {
        return parameters;
    }

    double parameterCount() {
        double count = 0;
        for (long i = 0; i < parameters.size(); i++) {
            count += parameters.get(i).numel();
        }
        return count;
    }

    /** From now on, normalises by running statistics. */
    void evaluate() {
        norms.forEach(BatchNorm2dImpl::eval);
    }

    /** Features [batch, features] of images [batch, channels, height, width]. */
    Tensor forward(Tensor images) {
        Tensor x = stem.forward(images);
        for (Block block : blocks) {
            x = block.forward(x);
        }
        return fc1.forward(lastNorm.forward(x).relu_().mean(new long[] {2, 3}));
    }
}
