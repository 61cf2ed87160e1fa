       IDENTIFICATION DIVISION.
       PROGRAM-ID. TLOAD.
      * What the first CALL says of a library that is not the right one.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       COPY PARDOX.
       COPY PDXOPS.
       01  STATUS-SHOWN            PIC ---9.
       PROCEDURE DIVISION.
       MAIN-LINE.
           CALL "PDXVERS" USING PDX-AREA PDX-AREA-LENGTH
               PDX-TEXT-LENGTH PDX-ERROR
           MOVE PDX-STATUS TO STATUS-SHOWN
           DISPLAY STATUS-SHOWN " "
               PDX-ERROR-EXPECTED (1:PDX-ERROR-EXPECTED-LENGTH)
           STOP RUN.
