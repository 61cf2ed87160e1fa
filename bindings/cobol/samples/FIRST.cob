       IDENTIFICATION DIVISION.
       PROGRAM-ID. FIRST-SAMPLE.
      * Sums the sales of each region, and reads the rows like a file.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       COPY PARDOX.
       COPY PDXOPS.
       01  SALES                   BINARY-DOUBLE VALUE 0.
       01  TOTALS                  BINARY-DOUBLE VALUE 0.
       01  SORTED                  BINARY-DOUBLE VALUE 0.
       01  TOTAL-ITEMS.
           05  FILLER              PIC X(50) VALUE
               "round(sum(price * quantity), 2) as amount,".
           05  FILLER              PIC X(50) VALUE
               "count() as n".
       01  TOTAL-ROW.
           05  TOTAL-REGION        PIC X(10).
           05  TOTAL-AMOUNT        PIC S9(7)V99.
           05  TOTAL-ORDERS        BINARY-DOUBLE.
       01  TOTAL-LAYOUT            PIC X(80) VALUE
           "region X(10), amount S9(7)V99, n BINARY-DOUBLE".
       01  AMOUNT-SHOWN            PIC Z(6)9.99-.
       01  ORDERS-SHOWN            PIC Z(6)9.
       PROCEDURE DIVISION.
       MAIN-LINE.
           ACCEPT PDX-PATH FROM ARGUMENT-VALUE
           CALL "PDXRCSV" USING PDX-PATH PDX-PATH-LENGTH
               PDX-OPTIONS PDX-OPTIONS-LENGTH SALES PDX-ERROR
           PERFORM CHECK-STATUS

           MOVE "region" TO PDX-KEYS
           CALL "PDXGRP" USING SALES PDX-KEYS PDX-KEYS-LENGTH
               TOTAL-ITEMS BY CONTENT LENGTH OF TOTAL-ITEMS
               BY REFERENCE OMITTED TOTALS PDX-ERROR
           PERFORM CHECK-STATUS

           MOVE "amount desc" TO PDX-BY
           CALL "PDXSORT" USING TOTALS PDX-BY PDX-BY-LENGTH
               OMITTED SORTED PDX-ERROR
           PERFORM CHECK-STATUS

           CALL "PDXOPEN" USING SORTED
               TOTAL-LAYOUT BY CONTENT LENGTH OF TOTAL-LAYOUT
               BY CONTENT LENGTH OF TOTAL-ROW
               BY REFERENCE PDX-READER PDX-ERROR
           PERFORM CHECK-STATUS
           MOVE LENGTH OF TOTAL-ROW TO PDX-RECORD-LENGTH
           PERFORM FETCH-ROW
           PERFORM UNTIL PDX-END
               MOVE TOTAL-AMOUNT TO AMOUNT-SHOWN
               MOVE TOTAL-ORDERS TO ORDERS-SHOWN
               DISPLAY TOTAL-REGION AMOUNT-SHOWN ORDERS-SHOWN
               PERFORM FETCH-ROW
           END-PERFORM

           CALL "PDXCLOS" USING PDX-READER PDX-ERROR
           PERFORM CHECK-STATUS
           CALL "PDXCLOS" USING SORTED PDX-ERROR
           CALL "PDXCLOS" USING TOTALS PDX-ERROR
           CALL "PDXCLOS" USING SALES PDX-ERROR
           PERFORM CHECK-STATUS
           STOP RUN.

       FETCH-ROW.
           CALL "PDXFTCH" USING PDX-READER TOTAL-ROW
               PDX-RECORD-LENGTH PDX-RECORD-COUNT PDX-FETCHED PDX-ERROR
           PERFORM CHECK-STATUS.

      * RETURN-CODE is 0, 4, 8, 12 or 16 behind every CALL.
       CHECK-STATUS.
           IF NOT PDX-OK AND NOT PDX-END
               DISPLAY PDX-ERROR-MESSAGE(1:PDX-ERROR-MESSAGE-LENGTH)
                   UPON SYSERR
               STOP RUN
           END-IF.
