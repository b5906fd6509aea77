package benchmarks.timefold.facts;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A file of 32-bit whole numbers, little end first; a list is its length and its numbers. */
final class Numbers {

    private final IntBuffer left;

    Numbers(Path path) throws IOException {
        try (var file = FileChannel.open(path)) {
            var bytes = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size());
            left = bytes.order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
        }
    }

    int next() {
        return left.get();
    }

    int[] list() {
        var numbers = new int[left.get()];
        left.get(numbers);
        return numbers;
    }
}
